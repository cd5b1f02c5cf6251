// Runs inside the sandbox, in the screen: one test file for one candidate, ended at the first test that does not pass and as
// soon as all wanted ones have passed.
import { createInterface } from "node:readline";
import { TestTree } from "./test-tree.mjs";

/** `passed`, or what went wrong first. */
export async function screenFile(job, pool, file, stripped) {
  const first = await attempt(job, pool, file, stripped, file.patterns);
  // The name filter of node:test does not reach a subtest without running its parent: then the whole file runs.
  return first.kind === "unseen" && file.patterns.length > 0
    ? told(await attempt(job, pool, file, stripped, []))
    : told(first);
}

function told(outcome) {
  return outcome.kind === "unseen" ? { kind: "broken", message: `not run: ${outcome.ids.join(", ")}` } : outcome;
}

function attempt(job, pool, file, stripped, patterns) {
  const { child, channel, token } = pool.take(patterns);
  const { promise, resolve } = Promise.withResolvers();
  const waiting = file.ids === undefined ? undefined : new Set(file.ids);
  let running;
  let uncaught;
  const tree = new TestTree(
    file,
    (event) => {
      if (event.e === "running") running = event.id;
      else if (event.e === "collect-error") resolve(broken(event.failure));
      else if (event.e === "result") {
        if (event.outcome === "passed") waiting?.delete(event.id);
        // Of a whole file nobody knows yet which tests are to be skipped.
        else if (event.outcome === "skipped" && waiting === undefined) return;
        else resolve(failed(event));
        if (waiting?.size === 0) resolve({ kind: "passed" });
      }
    },
    new Set(),
  );
  let timer;
  const limit = () => {
    clearTimeout(timer);
    timer = setTimeout(
      () => resolve(running === undefined ? { kind: "timed-out" } : { kind: "timed-out", test: running }),
      job.testMsMax,
    );
  };
  const lines = createInterface({ input: channel });
  lines.on("line", (line) => {
    const event = parse(line);
    if (event?.k !== token) return;
    limit();
    if (event.t === "uncaught") uncaught ??= event.failure;
    else tree.take(event);
  });
  lines.once("close", () => {
    if (uncaught !== undefined) resolve(broken(uncaught));
    else if (tree.pending)
      resolve({
        kind: "failed",
        failureType: "ProcessExited",
        message: "the test process ended early",
        ...(running === undefined ? {} : { test: running }),
      });
    else if (waiting !== undefined) resolve({ kind: "unseen", ids: [...waiting] });
    else resolve(tree.size === 0 ? { kind: "broken", message: `${file.path} has no tests` } : { kind: "passed" });
  });
  limit();
  channel.write(`${JSON.stringify({ main: `${job.root}/${file.path}`, stripped })}\n`);
  return promise.finally(() => {
    clearTimeout(timer);
    lines.removeAllListeners();
    child.kill("SIGKILL");
    channel.destroy();
    pool.prepare(patterns);
  });
}

function failed({ id, outcome, failure }) {
  if (outcome === "timed-out") return { kind: "timed-out", test: id };
  return {
    kind: "failed",
    test: id,
    failureType: failure?.type ?? outcome,
    message: failure?.message ?? `the test was ${outcome}`,
  };
}

function broken({ type, message }) {
  return { kind: "broken", message: `${type}: ${message}` };
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
