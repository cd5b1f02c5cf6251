// Runs inside the sandbox, below the screen: one vitest that is kept, told which files changed, and asked to run tests again.
import { join } from "node:path";
import { AssayReporter } from "./reporter.mjs";
import { fixed, loadVitest, openProjectVitest } from "./start.mjs";
import { warmWorkers } from "./warm-workers.mjs";

let job;
let vitest;
let current;

// Vitest asks a reporter for each method by name; those of the candidate at hand answer.
const methods = [
  "onTestModuleCollected",
  "onTestCaseReady",
  "onTestCaseResult",
  "onTestSuiteResult",
  "onTestModuleEnd",
  "onTestRunEnd",
];
const reporter = Object.fromEntries(methods.map((name) => [name, (...values) => current?.[name](...values)]));

process.on("message", async (message) => {
  try {
    if (message.job !== undefined) await start(message.job);
    else await candidate(message);
  } catch (error) {
    process.send({ kind: "broken", message: String(error?.message ?? error).slice(0, 4096) });
  }
});

async function start(given) {
  job = given;
  warmWorkers((await loadVitest(job.root)).ForksPoolWorker);
  vitest = await openProjectVitest({ ...job, selection: [], filters: [] }, (one) => fixed(one, [reporter]));
  process.send({ kind: "ready" });
}

async function candidate({ changed, selection, tests }) {
  for (const path of changed) vitest.invalidateFile(join(job.root, path));
  const patterns = selection.flatMap((each) => each.patterns);
  const narrowed = patterns.length > 0 && selection.every((each) => each.patterns.length > 0);
  if (narrowed) vitest.setGlobalTestNamePattern(new RegExp(patterns.join("|")));
  else vitest.resetGlobalTestNamePattern();
  const waiting = new Set(tests.filter((test) => test.includes(" > ")));
  // Of a whole file nobody knows yet which tests are to be skipped, but there must be one.
  const whole = new Set(selection.filter(({ path }) => tests.includes(path)).map(({ path }) => path));
  const unseen = new Set(whole);
  let outcome;
  const settle = (value) => {
    outcome ??= value;
    void vitest.cancelCurrentRun("test-failure");
  };
  current = new AssayReporter({ ...job, selection }, (event) => {
    if (event.e === "running") process.send({ running: event.id });
    else if (event.e === "collect-error")
      settle({ kind: "broken", message: `${event.failure.type}: ${event.failure.message}` });
    else if (event.e === "collected") unseen.delete(event.file);
    else if (event.e === "result" && event.outcome === "passed") waiting.delete(event.id);
    else if (event.e === "result" && event.outcome === "skipped" && whole.has(event.file) && !waiting.has(event.id))
      return;
    else if (event.e === "result") settle(failed(event));
  });
  const specifications = await vitest.globTestSpecifications(selection.map(({ path }) => path));
  await vitest.runTestSpecifications(specifications, false);
  current = undefined;
  const missing = [...waiting, ...unseen];
  if (missing.length > 0) outcome ??= { kind: "broken", message: `not run: ${missing.join(", ").slice(0, 2000)}` };
  process.send(outcome ?? { kind: "passed" });
}

function failed({ id, outcome, failure }) {
  if (outcome === "timed-out") return { kind: "timed-out", test: id };
  const message = failure?.message ?? `the test was ${outcome}`;
  return { kind: "failed", test: id, failureType: failure?.type ?? outcome, message };
}
