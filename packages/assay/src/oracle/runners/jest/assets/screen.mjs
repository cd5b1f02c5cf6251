// Runs inside the sandbox: tries candidates one after the other, each in a process with jest in memory that was started
// beforehand and is killed afterwards. Requests come on stdin, one line each; answers go to descriptor 3. Only failures can be trusted.
import { fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { CandidateFiles } from "../../javascript/assets/candidate-files.mjs";
import { jsonLinesTo } from "../../javascript/assets/channel.mjs";

const sparePath = fileURLToPath(new URL("./spare.mjs", import.meta.url));
/** More cost more than running whole files. */
const patternsMax = 50;

const write = jsonLinesTo(3);
let job;
let candidate;
let spare;

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (job === undefined) {
    job = message;
    candidate = new CandidateFiles(job.root);
    spare = start();
    if (!(await spare.ready)) process.exit(1);
    write({ n: job.nonce, ready: process.version });
  } else write({ n: job.nonce, id: message.id, ...(await answer(message)) });
}
stop(spare);

async function answer({ files, selection, tests }) {
  try {
    candidate.place(files);
  } catch (error) {
    return { kind: "broken", message: `the candidate could not be written: ${error?.message}` };
  }
  const taken = spare;
  try {
    if (!(await taken.ready)) return { kind: "broken", message: "jest could not be loaded" };
    spare = start();
    return await attempt(taken.child, selection, tests);
  } finally {
    stop(taken);
    if (spare === taken) spare = start();
  }
}

/** A process group of its own: what a test leaves running ends with it. */
function start() {
  const child = fork(sparePath, [job.root], { detached: true, stdio: ["ignore", "ignore", "ignore", "ipc"] });
  child.on("error", () => {});
  const ready = new Promise((resolve) => {
    child.once("message", () => resolve(true));
    child.once("exit", () => resolve(false));
  });
  return { child, ready };
}

function stop({ child }) {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}

function attempt(child, selection, tests) {
  const { promise, resolve } = Promise.withResolvers();
  const waiting = new Set(tests.filter((test) => test.includes(" > ")));
  // Of a whole file nobody knows yet which tests are to be skipped, but there must be one.
  const whole = new Set(selection.filter(({ path }) => tests.includes(path)).map(({ path }) => path));
  const unseen = new Set(whole);
  let running;
  let timer;
  const limit = () => {
    clearTimeout(timer);
    timer = setTimeout(
      () => resolve(running === undefined ? { kind: "timed-out" } : { kind: "timed-out", test: running }),
      job.testMsMax,
    );
  };
  child.on("message", (event) => {
    limit();
    if (event.e === "running") running = event.id;
    else if (event.e === "collect-error")
      resolve({ kind: "broken", message: `${event.failure.type}: ${event.failure.message}` });
    else if (event.e === "collected") unseen.delete(event.file);
    else if (event.e === "result" && event.outcome === "passed") waiting.delete(event.id);
    else if (event.e === "result" && !(event.outcome === "skipped" && whole.has(event.file) && !waiting.has(event.id)))
      resolve(failed(event));
    else if (event.e === "end") {
      const missing = [...waiting, ...unseen];
      if (missing.length === 0 && event.completed) resolve({ kind: "passed" });
      else resolve({ kind: "broken", message: `not run: ${missing.join(", ").slice(0, 2000)}` });
    }
  });
  child.once("exit", () => resolve({ kind: "broken", message: "jest's process ended" }));
  limit();
  child.send({ args: [...job.args, ...narrowed(selection)], selection }, () => {});
  return promise.finally(() => clearTimeout(timer));
}

function narrowed(selection) {
  const patterns = [...new Set(selection.flatMap((each) => each.patterns))];
  const narrow = patterns.length <= patternsMax && selection.every((each) => each.patterns.length > 0);
  const pattern = narrow && patterns.length > 0 ? [`--testNamePattern=${patterns.join("|")}`] : [];
  return [...pattern, "--runTestsByPath", ...selection.map(({ path }) => path)];
}

function failed({ id, outcome, failure }) {
  if (outcome === "timed-out") return { kind: "timed-out", test: id };
  const message = failure?.message ?? `the test was ${outcome}`;
  return { kind: "failed", test: id, failureType: failure?.type ?? outcome, message };
}
