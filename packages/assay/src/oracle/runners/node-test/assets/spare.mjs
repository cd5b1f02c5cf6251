// Runs inside the sandbox: a process of a test file that is started before the file is known. It has Node's test runner in
// memory and waits; nothing of the project is loaded.
import "node:assert/strict";
import "node:test";
import { readFileSync } from "node:fs";
import module from "node:module";
import { pathToFileURL } from "node:url";
import { projectPath } from "../../javascript/assets/failure.mjs";
import { readLine, spare } from "./child.mjs";

const { root, table } = spare;
const sources = new Map(Object.entries(JSON.parse(readFileSync(table, "utf8"))));
const { main, stripped } = JSON.parse(readLine());
for (const [file, source] of Object.entries(stripped)) sources.set(file, source);
if (sources.size > 0) {
  module.registerHooks({
    load(url, context, next) {
      const format = /^(module|commonjs)-typescript$/.exec(context.format ?? "")?.[1];
      const source = format === undefined ? undefined : sources.get(projectPath(url, root) ?? "");
      return source === undefined ? next(url, context) : { format, source, shortCircuit: true };
    },
  });
}
process.argv[1] = main;
await import(pathToFileURL(main).href);
