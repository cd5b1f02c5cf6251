// Runs inside the sandbox, in the examiner's process: runs the tests of one check, reaches the candidate by plain values only,
// and says what it saw. Never imports nor executes anything of the candidate's.
import assert from "node:assert";
import { createRequire } from "node:module";
import vm from "node:vm";
import { Builtins } from "./builtins.mjs";
import { Frames } from "./frames.mjs";
import { handle, judgingMember } from "./handles.mjs";
import { Peer } from "./peer.mjs";

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const textMax = 2000;

const frames = new Frames(0, 3, ">");
const peer = new Peer(frames, {
  // Functions that the tests give may be called, and nothing of them be looked at.
  operations: { __proto__: null, call: (target, args) => target(...args) },
  lends: (value) => typeof value === "function",
  makeRemote: handle,
  judgingMember,
  builtins: new Builtins(),
});
const exit = process.exit.bind(process);
const job = frames.receive();
let failure;
let finished = false;
let told = false;

const fail = (error) => {
  const type = typeof error?.name === "string" ? error.name : "Error";
  failure ??= { kind: "failed", type: type.slice(0, textMax), message: `${error?.message ?? error}`.slice(0, textMax) };
};

process.on("uncaughtException", (error) => {
  fail(error);
  conclude();
});
process.on("exit", () => {
  fail({ name: "Exit", message: "the tests ended early" });
  tell(failure);
});
process.once("beforeExit", conclude);

try {
  frames.send({ source: job.candidate, entry: job.entry });
  const answer = frames.receive();
  if (Array.isArray(answer?.invalid)) {
    const [type, message] = answer.invalid.map((part) => `${part}`.slice(0, textMax));
    tell({ kind: "invalid", type, message });
    exit(0);
  }
  if (answer?.ready !== true) throw new Error("neither ready nor invalid");
} catch (error) {
  tell({ kind: "crashed", message: `the candidate broke the protocol: ${error.message}`.slice(0, textMax) });
  exit(0);
}
try {
  await runTests();
} catch (error) {
  fail(error);
}
finished = true;
if (failure !== undefined) conclude();

async function runTests() {
  const { entry, preamble, tests } = job;
  if (!identifier.test(entry)) throw new SyntaxError(`${entry} is no name`);
  console.assert = (condition, ...data) => {
    if (condition) return;
    const error = new assert.AssertionError({ message: data.map(String).join(" ") || "console.assert" });
    fail(error);
    throw error;
  };
  const own = { exports: {} };
  Object.assign(globalThis, { require: createRequire("/tmp/tests.js"), module: own, exports: own.exports });
  const candidate = peer.remote(0, true);
  new vm.Script(preamble, { filename: "preamble.js" }).runInThisContext();
  Object.defineProperty(globalThis, entry, { value: candidate, writable: true, configurable: true });
  // A name that the preamble declares would hide the candidate.
  if (new vm.Script(entry).runInThisContext() !== candidate) {
    throw peer.unsupported(`the preamble declares ${entry} itself`);
  }
  await new vm.Script(tests, { filename: "tests.js" }).runInThisContext();
}

/** The first cause wins: a broken connection, then a value that could not travel, then what the tests said. */
function conclude() {
  if (!finished) fail({ name: "Unfinished", message: "the tests wait for something that never happens" });
  let cpuMs = 0;
  if (failure === undefined && peer.broken === undefined && peer.refused === undefined && peer.answered > 0) {
    const calls = peer.answered;
    try {
      cpuMs = Number(peer.ask("end", undefined, []));
    } catch (error) {
      peer.broken ??= error;
    }
    peer.answered = calls;
  }
  if (peer.broken !== undefined)
    tell({ kind: "crashed", message: `the candidate broke the protocol: ${peer.broken.message}` });
  else if (peer.refused !== undefined) tell({ kind: "unsupported", message: peer.refused });
  else if (failure !== undefined) tell(failure);
  else tell(peer.answered === 0 ? { kind: "no-calls" } : { kind: "passed" }, cpuMs);
  exit(0);
}

function tell(outcome, cpuMs = 0) {
  if (told) return;
  told = true;
  const safeMs = Number.isFinite(cpuMs) && cpuMs >= 0 ? cpuMs : 0;
  // Without prototypes: one that has been given a `toJSON` would speak instead.
  const said = { __proto__: null, ...outcome };
  const last = { __proto__: null, secret: job.secret, outcome: said, calls: peer.answered, cpuMs: safeMs };
  frames.write(`=${JSON.stringify(last)}`);
}
