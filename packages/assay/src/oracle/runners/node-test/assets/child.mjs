// Runs inside the sandbox, in the process of one test file: given to Node both as a preload (`--import`) and as its
// reporter. It reports from the native events of node:test, synchronously, so that an event is never lost to a hang or an
// exit that follows it. What it writes goes to the driver, over a pipe of their own.
import { readSync } from "node:fs";
import { Transform } from "node:stream";
import { isMainThread } from "node:worker_threads";
import { jsonLinesTo } from "../../javascript/assets/channel.mjs";
import { failureOf } from "../../javascript/assets/failure.mjs";
import { startCoverage } from "./coverage.mjs";

const descriptor = 3;
const variable = "ASSAY_TEST_DRIVER";

const pause = new Int32Array(new SharedArrayBuffer(4));

let report = () => {};
let root = "";
let coverage;
/** For a process that was started before its file is known. Tests can import this module too: the token is not in it. */
export let spare = {};
/** Thrown outside of any test's own call, not yet seen as the failure of one. */
const uncaught = new Set();

// Threads and processes that a test starts inherit Node's options, but are not the process of the test file.
if (isMainThread && process.env[variable] === String(process.ppid)) begin();

function begin() {
  delete process.env[variable];
  const settings = JSON.parse(readLine());
  const { token } = settings;
  root = settings.root;
  spare = { root, table: settings.table };
  const write = jsonLinesTo(descriptor);
  report = (event) => write({ k: token, ...event });
  if (settings.coverage) coverage = startCoverage(root, new Set(settings.sources));
  let drained = false;
  process.on("beforeExit", () => {
    drained = true;
  });
  process.on("uncaughtExceptionMonitor", (error) => uncaught.add(error));
  process.on("exit", (code) => {
    for (const error of uncaught) report({ t: "uncaught", failure: failureOf(error, root) });
    report({ t: "exit", drained, code });
  });
  report({ t: "ready" });
}

/** The driver's next line, waited for: read byte by byte, as nothing after it may be taken. Ends the process with the driver. */
export function readLine() {
  const bytes = [];
  const one = Buffer.alloc(1);
  for (;;) {
    try {
      if (readSync(descriptor, one) === 0) process.exit(1);
      if (one[0] === 10) break;
      bytes.push(one[0]);
    } catch (error) {
      if (error?.code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
  return Buffer.from(bytes).toString("utf8");
}

const handlers = {
  "test:enqueue": ({ testId, parentId, name, type }) =>
    report({ t: "enqueue", i: testId, p: parentId, name, suite: type === "suite" }),
  "test:dequeue": ({ testId }) => {
    coverage?.begin();
    report({ t: "running", i: testId });
  },
  "test:complete": (data) => {
    const files = data.details?.type === "suite" ? undefined : coverage?.end();
    if (files !== undefined) report({ t: "coverage", i: data.testId, files });
    // Tests of a suite whose set-up failed complete without having been announced: the name makes up for it.
    const { testId: i, parentId: p, name } = data;
    const suite = data.details?.type === "suite";
    report({ t: "done", i, p, name, suite, ms: data.details?.duration_ms ?? 0, ...outcomeOf(data) });
  },
  "test:summary": ({ success }) => report({ t: "summary", success }),
};

function outcomeOf({ skip, todo, details }) {
  // A test marked "todo" may fail without failing its file: it is no evidence either way.
  if (truthy(skip) || truthy(todo)) return { outcome: "skipped" };
  if (details?.passed !== false && details?.error === undefined) return { outcome: "passed" };
  const error = details?.error;
  const cause = error?.cause;
  uncaught.delete(cause);
  const thrown = typeof cause === "object" && cause !== null ? cause : error;
  const failure = failureOf(thrown, root);
  const reason = error?.failureType ?? "testCodeFailure";
  if (typeof cause === "string")
    return { reason, failure: { ...failure, type: reason, message: cause }, ...outcomes(reason) };
  return { reason, failure, ...outcomes(reason) };
}

function outcomes(reason) {
  if (reason === "testTimeoutFailure") return { outcome: "timed-out" };
  return { outcome: ["hookFailed", "cancelledByParent", "testAborted"].includes(reason) ? "errored" : "failed" };
}

const truthy = (mark) => mark !== undefined && mark !== false;

/** Swallows the stream: its events were already taken when they were emitted. */
const reporter = new Transform({ writableObjectMode: true, transform: (_event, _encoding, done) => done() });
// Once: events of another source, which a test could make up, are none of Node's.
reporter.once("pipe", (source) => {
  process.on("unhandledRejection", (error) => uncaught.add(error));
  const emit = source.emit;
  source.emit = function (type, ...data) {
    if (Object.hasOwn(handlers, type)) handlers[type](data[0]);
    return Reflect.apply(emit, this, [type, ...data]);
  };
});
export default reporter;
