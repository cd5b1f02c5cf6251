/**
 * How soon events reach many clients, and whether all do: clients in other processes that connect again now and then, events appended to
 * a journal on disk. `node packages/assay/test/bench/sse-clients.ts [--clients 500] [--per-second 10] [--seconds 60] [--behind 0] [--json]`.
 * Latency is from before the append, with its fsync, to the bytes in the client; `--behind`: whoever connects again asks for so many events anew. Budget: p99 of at most 100 ms, none lost, none twice (design, section 9).
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { RunEventBody } from "@assay/sdk";
import { SqliteJournal } from "#store";
import { serveEventsOf } from "../fakes/event-server.ts";
import { note, noted } from "../support/noting.ts";
import type { IdleProcess } from "./idle-process.ts";
import type { ClientsReport, ClientsTask } from "./sse-clients-child.ts";

const { values } = parseArgs({
  options: {
    clients: { type: "string", default: "500" },
    "per-second": { type: "string", default: "10" },
    seconds: { type: "string", default: "60" },
    behind: { type: "string", default: "0" },
    json: { type: "boolean", default: false },
  },
});
const clients = Number(values.clients);
const perSecond = Number(values["per-second"]);
const sentMax = perSecond * Number(values.seconds);
const behind = Number(values.behind);
const total = behind + sentMax;
const processes = 2;

const directory = mkdtempSync(join(tmpdir(), "assay-sse-"));
try {
  await using journal = await SqliteJournal.open(join(directory, "journal.sqlite"));
  await using server = await serveEventsOf(journal);
  const before = Array<string>(behind).fill(`0 ${"x".repeat(200)}`);
  for (let at = 0; at < behind; at += 1_000) await note(journal, before.slice(at, at + 1_000));
  const children = Array.from({ length: processes }, (_, index) =>
    startClients({
      url: server.url,
      clients: Math.ceil(clients / processes),
      from: behind,
      total,
      behind,
      seed: index + 1,
    }),
  );
  while (server.streams.open < Math.ceil(clients / processes) * processes) await sleep(50);
  const idle = fork(join(import.meta.dirname, "idle-process.ts"));
  const reports = Promise.all(children.map(reportOf));
  const rssMb = () => Math.round(process.memoryUsage.rss() / 1024 / 1024);
  const rss = { beforeMb: rssMb(), peakMb: 0, afterMb: 0 };
  const began = performance.now();
  const cpu = process.cpuUsage();
  for (let sent = 0; sent < sentMax; sent++) {
    await sleep(Math.max(0, began + (sent * 1000) / perSecond - performance.now()));
    const message = `${performance.timeOrigin + performance.now()} ${"x".repeat(200)}`;
    const events: RunEventBody[] = [{ type: "note", level: "info", message }];
    await journal.append({ run: noted, expectedSeq: behind + sent, events, idempotencyKey: String(sent) });
    rss.peakMb = Math.max(rss.peakMb, rssMb());
  }
  const { user, system } = process.cpuUsage(cpu);
  const serverCpuShare = Math.round((user + system) / (performance.now() - began) / 10) / 100;
  const all = await reports;
  idle.send("enough");
  const [late] = (await once(idle, "message")) as [IdleProcess];
  rss.afterMb = rssMb();
  const sum = (of: (report: ClientsReport) => number) => all.reduce((result, report) => result + of(report), 0);
  const latencies = all.flatMap((report) => report.latenciesMs).sort((a, b) => a - b);
  const live = all.flatMap((report) => report.liveMs).sort((a, b) => a - b);
  const at = (share: number, of = latencies) =>
    Math.round((of[Math.floor((of.length - 1) * share)] ?? Number.NaN) * 10) / 10;
  const figures = {
    clients: sum((report) => report.clients),
    events: sentMax,
    behind,
    perSecond,
    received: latencies.length,
    lost: sum((report) => report.lost),
    twice: sum((report) => report.twice),
    reconnects: sum((report) => report.reconnects),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    longestMs: at(1),
    /** Without what a client caught up with after it had connected again. */
    liveP50Ms: at(0.5, live),
    liveP99Ms: at(0.99, live),
    liveLongestMs: at(1, live),
    /** Of one processor; above 1 with the threads that Node has besides. */
    serverCpuShare,
    /** How late a process that does nothing was woken meanwhile. */
    idleProcessP50Ms: late.p50Ms,
    idleProcessP99Ms: late.p99Ms,
    /** What else this machine had to do: processes that want one of its processors. */
    loadAverage: loadavg()[0],
    rssBeforeMb: rss.beforeMb,
    rssPeakMb: rss.peakMb,
    rssAfterMb: rss.afterMb,
  };
  if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else console.table(figures);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function startClients(task: ClientsTask): ChildProcess {
  const child = fork(join(import.meta.dirname, "sse-clients-child.ts"));
  child.send(task);
  return child;
}

async function reportOf(child: ChildProcess): Promise<ClientsReport> {
  const [report] = (await once(child, "message")) as [ClientsReport];
  return report;
}
