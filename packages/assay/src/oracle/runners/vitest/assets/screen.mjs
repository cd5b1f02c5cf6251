// Runs inside the sandbox: hands candidates to a vitest that stays alive in another process, and starts it anew when a test
// hangs. Requests come on stdin, one line each; answers go to descriptor 3. Only failures can be trusted.
import { fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { CandidateFiles } from "../../javascript/assets/candidate-files.mjs";
import { jsonLinesTo } from "../../javascript/assets/channel.mjs";

const hostPath = fileURLToPath(new URL("./screen-host.mjs", import.meta.url));
/** Loading vitest and its configuration, without any test. */
const startMsMax = 60_000;

const write = jsonLinesTo(3);
let job;
let candidate;
let host;

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (job === undefined) {
    job = message;
    candidate = new CandidateFiles(job.root);
    const ready = await startHost();
    if (!ready) process.exit(1);
    write({ n: job.nonce, ready: process.version });
  } else write({ n: job.nonce, id: message.id, ...(await answer(message)) });
}
stopHost();

async function answer({ files, selection, tests }) {
  let changed;
  try {
    changed = candidate.place(files);
  } catch (error) {
    return { kind: "broken", message: `the candidate could not be written: ${error?.message}` };
  }
  if (host === undefined && !(await startHost()))
    return { kind: "broken", message: "vitest could not be started again" };
  const outcome = await ask({ changed, selection, tests }, job.testMsMax);
  if (outcome.kind === "timed-out" || outcome.gone) stopHost();
  const { gone: _, ...told } = outcome;
  return told;
}

async function startHost() {
  // A process group of its own: workers in an endless loop do not notice that their parent is gone.
  host = fork(hostPath, { detached: true, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  // Also one that comes when nobody asks any more.
  host.on("error", () => {});
  const started = await ask({ job }, startMsMax);
  if (started.kind !== "ready") stopHost();
  return started.kind === "ready";
}

function stopHost() {
  try {
    if (host?.pid !== undefined) process.kill(-host.pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
  host = undefined;
}

/** Sends one message and waits for its outcome; news of single tests prolong the wait. */
function ask(message, msMax) {
  const { promise, resolve } = Promise.withResolvers();
  const asked = host;
  let running;
  let timer;
  const limit = () => {
    clearTimeout(timer);
    timer = setTimeout(
      () => resolve(running === undefined ? { kind: "timed-out" } : { kind: "timed-out", test: running }),
      msMax,
    );
  };
  const hear = (heard) => {
    if (heard.kind === undefined) {
      running = heard.running ?? running;
      limit();
    } else resolve(heard);
  };
  const end = () => resolve({ kind: "broken", message: "vitest's process ended", gone: true });
  asked.on("message", hear);
  asked.once("exit", end);
  asked.once("error", end);
  limit();
  asked.send(message, () => {});
  return promise.finally(() => {
    clearTimeout(timer);
    asked.off("message", hear).off("exit", end).off("error", end);
  });
}
