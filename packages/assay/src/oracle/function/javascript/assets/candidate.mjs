// Runs inside the sandbox, in the candidate's process: defines the function and answers calls. Everything here is in the
// candidate's hands once it runs; nothing rests on it.
import { writeFileSync } from "node:fs";
import module, { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { raisedBy } from "./errors.mjs";
import { Frames } from "./frames.mjs";
import { Peer } from "./peer.mjs";

/** Given to what a candidate left running, before the last answer. */
const lastMs = 5;
const { setImmediate: soon, setTimeout: after, Promise: Later } = globalThis;
const { cpuUsage } = process;
const Script = vm.Script;
const strip = module.stripTypeScriptTypes;

/** An iterator, never plain data. */
class Steps {
  constructor(source) {
    this.next = (...args) => source.next(...args);
  }
}

const operations = {
  __proto__: null,
  call: (target, args) => target(...args),
  new: (target, args) => Reflect.construct(target, args),
  iter: (target) => new Steps(target[Symbol.iterator]()),
  next: (target, args) => {
    const { done, value } = target.next(...args);
    return { done: done === true, value };
  },
  get: (target, [name]) => {
    const value = target[name];
    // A method is asked for apart from its object.
    return typeof value === "function" && typeof target === "object" ? value.bind(target) : value;
  },
  // Whatever ends the process meanwhile is noticed: timers that are due have had their turn by now.
  end: () => {
    const { user, system } = cpuUsage();
    return (user + system) / 1000;
  },
};

const frames = new Frames(0, 3);
const peer = new Peer(frames, {
  operations,
  lends: () => true,
  makeRemote:
    (to, number) =>
    (...args) =>
      to.ask("call", number, args),
});

const job = frames.receive();
const defined = await define(job).catch((error) => ({
  invalid: raisedBy(error) ?? [["Error"], "it throws something that is no error"],
}));
if ("invalid" in defined) {
  const [names, message] = defined.invalid;
  frames.send({ invalid: [names[0], message] });
} else {
  peer.lend(defined.value);
  frames.send({ ready: true });
  for (;;) {
    // Promises, timers and what they throw get their turn between calls, and twice before the last answer.
    await new Later((resolve) => soon(resolve));
    const frame = frames.receive();
    if (frame === undefined) break;
    if (frame.do === "end") await new Later((resolve) => after(resolve, lastMs));
    await peer.serve(frame);
  }
}
process.exit(0);

async function define({ source, entry }) {
  const require = createRequire("/tmp/solution.js");
  const own = { exports: {} };
  Object.assign(globalThis, { require, module: own, exports: own.exports });
  const value = (await evaluate(source, entry)) ?? own.exports[entry];
  if (typeof value === "function") return { value };
  if (typeof own.exports === "function") return { value: own.exports };
  throw new ReferenceError(`there is no function ${entry}`);
}

async function evaluate(source, entry) {
  const script = compile(source);
  if (script !== undefined) {
    script.runInThisContext();
    return new Script(`typeof ${entry} === "undefined" ? undefined : ${entry}`).runInThisContext();
  }
  const path = "/tmp/solution.mjs";
  writeFileSync(path, withoutTypes(source));
  const namespace = await import(pathToFileURL(path).href);
  return namespace[entry] ?? namespace.default;
}

/** `undefined` for a module. */
function compile(source) {
  try {
    return new Script(source, { filename: "solution.js" });
  } catch (error) {
    const stripped = withoutTypes(source);
    if (/^\s*(?:import|export)\b/m.test(source)) return undefined;
    if (stripped === source) throw error;
    return new Script(stripped, { filename: "solution.ts" });
  }
}

/** As it is where it has no types, or what it has cannot be stripped. */
function withoutTypes(source) {
  try {
    return strip(source);
  } catch {
    return source;
  }
}
