// node worker-fleet.ts [TASKS] [WORKERS] — tasks over the network to workers in a few processes, of which five are killed and five paused.
// Each offer, claim and end is an event of a run in SQLite before anybody is told.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { RunEvent } from "@assay/sdk";
import { canonicalJson, type TaskEnd, type TaskOffer } from "../../src/ports/index.ts";
import { SqliteJournal } from "../../src/store/index.ts";
import { scratch } from "../support/scratch.ts";
import { apiKeys, aRun, workerPlace } from "../support/worker-place.ts";

const program = fileURLToPath(new URL("../support/fleet-program.ts", import.meta.url));
const [tasks = 1000, workers = 50] = process.argv.slice(2).map(Number);

await using folder = await scratch();
await using journal = await SqliteJournal.open(join(folder.path, "journal.db"));
await using place = await workerPlace({ heartbeatMs: 300, journal });
const { queue, blobs } = place.acme;
const steady = Math.max(0, workers - 10);
// Five that are killed together, five that are paused together; the others share three processes.
const shares = [...Array.from({ length: 3 }, (_, n) => Math.floor((steady + n) / 3)), 5, 5];
const fleet: ChildProcess[] = shares
  .filter((count) => count > 0)
  .map((count) => fork(program, [place.url, apiKeys.acme, String(count)], { stdio: "inherit" }));
await Promise.all(fleet.map((child) => once(child, "message")));
process.stderr.write(`${workers} workers have joined\n`);

const input = await blobs.put(canonicalJson({ version: 1, kind: "analyze", files: [], question: "?" }));
const offer: Omit<TaskOffer, "task"> = {
  run: aRun,
  kind: "analyze",
  role: "analyzer",
  capabilities: [],
  input,
  leaseMs: 2_000,
  triesMax: 10,
};
const never = new AbortController().signal;
const beganAt = performance.now();
const ends: Promise<TaskEnd>[] = [];
const offeredAt = new Map<string, number>();
const claimMs: number[] = [];
queue.onClaim = ({ attempt, offer: { task } }) => {
  if (attempt === 1) claimMs.push(performance.now() - (offeredAt.get(task) ?? 0));
};
let open = 0;
for (let n = 0; n < tasks; n++) {
  // As fast as workers are free, so that a claim's latency is the way to a worker and not the queue's length.
  while (open - queue.depth().claimed >= Math.max(1, queue.waiting)) await delay(1);
  open++;
  offeredAt.set(`t${n}`, performance.now());
  ends.push(queue.offer({ ...offer, task: `t${n}` }, never).finally(() => open--));
  if (n === Math.floor(tasks / 3)) fleet.at(-1)?.kill("SIGKILL");
  if (n === Math.floor(tasks / 3)) fleet.at(-2)?.kill("SIGSTOP");
  if (n === Math.floor((2 * tasks) / 3)) fleet.at(-2)?.kill("SIGCONT");
}
const ended = await Promise.all(ends);
const seconds = (performance.now() - beganAt) / 1000;
for (const child of fleet) child.kill("SIGKILL");

claimMs.sort((a, b) => a - b);
const quantile = (q: number) => claimMs[Math.floor(q * (claimMs.length - 1))]?.toFixed(1);
const events = await journal.read(aRun);
const finished = ofType(events, "task-finished").map(({ task }) => task);
process.stdout.write(
  `${JSON.stringify({
    tasks,
    workers,
    seconds: Number(seconds.toFixed(2)),
    tasksPerSecond: Math.round(tasks / seconds),
    claimMsP50: quantile(0.5),
    claimMsP99: quantile(0.99),
    lost: tasks - ended.filter(({ outcome }) => outcome === "done").length,
    twice: finished.length - new Set(finished).size,
    claimedAgain: ended.filter(({ attempts }) => attempts > 1).length,
    released: ofType(events, "task-released").map(({ reason }) => reason),
    problems: place.problems.length,
  })}\n`,
);

function ofType<T extends RunEvent["type"]>(all: readonly RunEvent[], type: T): Extract<RunEvent, { type: T }>[] {
  return all.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
}
