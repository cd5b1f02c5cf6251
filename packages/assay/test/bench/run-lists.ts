// node packages/assay/test/bench/run-lists.ts [RUNS] — how long lists of many small runs take, and how long a daemon's loop is blocked by them.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { AssayClient, type RunEventBody } from "@assay/sdk";
import { z } from "zod";
import { openProject } from "#app";
import { runId } from "#domain";
import { digestOf } from "#ports";
import { startServer } from "#server";
import { SqliteJournal } from "#store";
import { scratch } from "../support/scratch.ts";

const requests = 40;
const addressSchema = z.object({ url: z.string(), key: z.string(), run: z.string() });
const caseSchema = z.object({ name: z.string(), p50: z.number(), p99: z.number() });

if (process.argv[2] === "ask") await ask();
else await serve(Number(process.argv[2] ?? 10_000));

async function serve(runs: number): Promise<void> {
  await using folder = await scratch();
  process.env.XDG_CONFIG_HOME = join(folder.path, "config");
  const root = join(folder.path, "project");
  await makeRuns(root, runs);
  const starting = blocked();
  const begun = performance.now();
  const server = await startServer({ directory: root, host: "127.0.0.1", port: 0, runsMax: 1, queuedMax: 1 });
  const startMs = performance.now() - begun;
  process.stdout.write(
    `${runs} runs of 5 events; start ${startMs.toFixed(0)} ms, loop blocked ${starting()} ms at most\n`,
  );
  const child = fork(import.meta.filename, ["ask"], { execArgv: process.execArgv });
  await once(child, "message");
  const key = (await readFile(server.keyPath, "utf8")).trim();
  child.send({ url: server.url, key, run: nameOf(Math.floor(runs / 2)) });
  let inCase = blocked();
  child.on("message", (message) => {
    const { name, p50, p99 } = caseSchema.parse(message);
    process.stdout.write(
      `${name.padEnd(44)} p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms  blocked ${inCase()} ms\n`,
    );
    inCase = blocked();
    child.send("next");
  });
  await once(child, "exit");
  await server.stop();
}

/** Gives how long the loop was blocked at most since. */
function blocked(): () => string {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  return () => {
    delay.disable();
    return (delay.max / 1e6).toFixed(0);
  };
}

async function ask(): Promise<void> {
  process.send?.("here");
  const { url, key, run } = addressSchema.parse((await once(process, "message"))[0]);
  const client = new AssayClient({ url, key });
  const cursors: (string | undefined)[] = [undefined];
  const cases: [string, () => Promise<unknown>][] = [
    ["the first list", () => client.call("listRuns", { query: { limit: 50 } })],
    ["GET /v1/runs?limit=50", () => client.call("listRuns", { query: { limit: 50 } })],
    [
      "GET /v1/runs?limit=500, page by page",
      async () => {
        const cursor = cursors.at(-1);
        const page = await client.call("listRuns", {
          query: { limit: 500, ...(cursor === undefined ? {} : { cursor }) },
        });
        cursors.push(page.next);
      },
    ],
    ["GET /v1/runs?status=paused (none)", () => client.call("listRuns", { query: { limit: 50, status: "paused" } })],
    ["GET /v1/approvals (none)", () => client.call("listApprovals", {})],
    ["GET /v1/tasks?run=…", () => client.call("listTasks", { query: { limit: 50, run } })],
    ["GET /v1/budgets?limit=50", () => client.call("listBudgets", { query: { limit: 50 } })],
  ];
  for (const [name, call] of cases) {
    const took: number[] = [];
    for (let n = 0; n < (name === "the first list" ? 1 : requests); n++) {
      const at = performance.now();
      await call();
      took.push(performance.now() - at);
    }
    took.sort((a, b) => a - b);
    const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0;
    process.send?.({ name, p50: at(0.5), p99: at(0.99) });
    await once(process, "message");
  }
  process.disconnect();
}

async function makeRuns(root: string, runs: number): Promise<void> {
  await mkdir(root, { recursive: true });
  await (await openProject(root, {}))[Symbol.asyncDispose]();
  await using journal = await SqliteJournal.open(join(root, ".assay", "journal.sqlite"));
  const step = (key: string): RunEventBody => ({
    type: "step-finished",
    key,
    inputDigest: digestOf(key),
    result: { kind: "value", value: key },
    durationMs: 1,
  });
  const all = Array.from({ length: runs }, (_, n) =>
    journal.append({
      run: runId(nameOf(n)),
      expectedSeq: 0,
      idempotencyKey: "all",
      events: [
        {
          type: "run-started",
          workflow: "heal",
          workflowVersion: 1,
          assayVersion: "0.1.0",
          goal: { kind: "heal", root, tests: [], apply: false },
        },
        { type: "lease-claimed", owner: "nobody" },
        step("baseline"),
        step("classify"),
        { type: "result", outcome: "accepted", exitCode: 0, summary: "The failing test passes." },
      ],
    }),
  );
  await Promise.all(all);
}

function nameOf(n: number): string {
  return `heal-run${String(n).padStart(8, "0")}`;
}
