// The candidate's side in QuickJS: an interpreter in WebAssembly with nothing of the host in it but two functions for frames.
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import variant from "@jitl/quickjs-ng-wasmfile-release-sync";
import { newQuickJSWASMModuleFromVariant } from "quickjs-emscripten-core";
import { receive, send } from "./host.mjs";

const memoryBytesMax = Number(process.argv[2]);
const stackBytesMax = 1024 * 1024;

const job = JSON.parse(receive());
const runtime = (await newQuickJSWASMModuleFromVariant(variant)).newRuntime();
runtime.setMemoryLimit(memoryBytesMax);
runtime.setMaxStackSize(stackBytesMax);
const context = runtime.newContext();
const give = (name, fn) =>
  context.newFunction(name, fn).consume((handle) => context.setProp(context.global, name, handle));
give("__receive", () => context.newString(receive()));
give("__send", (line) => send(context.getString(line)));

/** Runs a script inside; `undefined`, or what it threw as [name, message]. */
function run(text, name) {
  const result = context.evalCode(text, name);
  if (result.error === undefined) return void result.value.dispose();
  const error = context.dump(result.error);
  result.error.dispose();
  return [String(error?.name ?? "Error"), String(error?.message ?? error).slice(0, 2000)];
}

const failure = run(strip(job.source), "solution.js") ?? run(`globalThis.__entry = ${job.entry};`, "entry.js");
if (failure !== undefined) send(JSON.stringify({ invalid: failure }));
else {
  const broken = run(readFileSync(new URL("./quickjs-serve.js", import.meta.url), "utf8"), "serve.js");
  // Out of memory, or a stack that went too deep while it was serving: nobody there can say so any more.
  process.exitCode = broken === undefined ? 0 : 1;
}

/** JavaScript stays as it is where it is no TypeScript. */
function strip(source) {
  try {
    return stripTypeScriptTypes(source);
  } catch {
    return source;
  }
}
