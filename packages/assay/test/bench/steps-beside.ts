/**
 * The same five-step ticket, saved step by step, by three systems in turns: Assay on SQLite, DBOS on Postgres, BullMQ on Redis, all of
 * them so that an acknowledged step survives a power loss (synchronous=FULL, fsync on, appendfsync always).
 *
 *   ASSAY_BENCH_MODULES=DIR node packages/assay/test/bench/steps-beside.ts [ROUNDS] [TICKETS]
 *
 * DIR is a folder where `npm install bullmq ioredis @dbos-inc/dbos-sdk` was run; the servers are Debian's `postgresql` and `redis-server`, started
 * here on free ports in a temporary folder and stopped at the end. Run by root, Postgres runs as the user `postgres`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assaySystem } from "./steps-beside/assay.ts";
import { bullSystem } from "./steps-beside/bullmq.ts";
import { dbosSystem } from "./steps-beside/dbos.ts";
import { type System, stepsOfTicket } from "./steps-beside/system.ts";

const [rounds = 3, tickets = 400] = process.argv.slice(2).map(Number);
const ticketsAlone = 60;
const parallel = 64;

const folder = mkdtempSync(join(tmpdir(), "assay-steps-beside-"));
await using resources = new AsyncDisposableStack();
resources.defer(() => rmSync(folder, { recursive: true, force: true }));
const systems: System[] = [];
for (const open of [assaySystem, dbosSystem, bullSystem]) systems.push(resources.use(await open(folder)));

const figures = new Map(systems.map(({ name }) => [name, { p50Ms: [] as number[], stepsPerSecond: [] as number[] }]));
for (const system of systems) await system.tickets(20, 4);
for (let round = 0; round < rounds; round++) {
  for (const system of systems) {
    const alone: number[] = [];
    for (let n = 0; n < ticketsAlone; n++) {
      const startedAt = performance.now();
      await system.tickets(1, 1);
      alone.push((performance.now() - startedAt) / stepsOfTicket);
    }
    const startedAt = performance.now();
    await system.tickets(tickets, parallel);
    const seconds = (performance.now() - startedAt) / 1000;
    figures.get(system.name)?.p50Ms.push(median(alone));
    figures.get(system.name)?.stepsPerSecond.push((tickets * stepsOfTicket) / seconds);
  }
}

const table = Object.fromEntries(
  [...figures].map(([name, { p50Ms, stepsPerSecond }]) => [
    name,
    {
      "p50 ms a step, one ticket at a time": round3(median(p50Ms)),
      [`saved steps/s, ${parallel} tickets at once`]: Math.round(median(stepsPerSecond)),
      "of each round": stepsPerSecond.map(Math.round).join(" "),
    },
  ]),
);
console.table(table);
console.log(JSON.stringify({ bench: "steps-beside", rounds, tickets, figures: Object.fromEntries(figures) }));

function median(samples: readonly number[]): number {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN;
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}
