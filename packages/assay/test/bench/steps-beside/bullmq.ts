import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { freePort, serverProcess } from "./server-process.ts";
import { atOnce, rivalModule, type System, stepResult, stepsOfTicket } from "./system.ts";

type Job = { data: Record<string, unknown>; updateData(data: unknown): Promise<void> };
type Added = { waitUntilFinished(events: unknown): Promise<unknown> };
type Closable = { close(): Promise<void>; waitUntilReady(): Promise<unknown> };
type Bull = {
  Queue: new (name: string, options: unknown) => Closable & { add(name: string, data: unknown): Promise<Added> };
  QueueEvents: new (name: string, options: unknown) => Closable;
  Worker: new (name: string, work: (job: Job) => Promise<unknown>, options: unknown) => Closable;
};

/** BullMQ's "process step" pattern: after each step the job's data is written. Redis syncs its log on every write. */
export async function bullSystem(folder: string): Promise<System> {
  await using resources = new AsyncDisposableStack();
  const port = await freePort();
  const data = join(folder, "redis");
  mkdirSync(data);
  const flags = ["--port", String(port), "--bind", "127.0.0.1", "--dir", data, "--save", ""];
  const durable = ["--appendonly", "yes", "--appendfsync", "always", "--loglevel", "warning"];
  resources.use(await serverProcess(["redis-server", ...flags, ...durable], async () => pings(port)));
  const { Queue, QueueEvents, Worker } = rivalModule<Bull>("bullmq");
  const connection = { host: "127.0.0.1", port, maxRetriesPerRequest: null };
  const queue = new Queue("tickets", { connection });
  const events = new QueueEvents("tickets", { connection });
  const worker = new Worker(
    "tickets",
    async (job) => {
      for (let n = 0; n < stepsOfTicket; n++)
        await job.updateData({ ...job.data, step: n, [`result-${n}`]: stepResult });
      return "done";
    },
    { connection, concurrency: 64 },
  );
  for (const part of [queue, events, worker]) {
    await part.waitUntilReady();
    resources.defer(() => part.close());
  }
  const owned = resources.move();
  return {
    name: "BullMQ, Redis",
    tickets: (count, parallel) =>
      atOnce(count, parallel, async () => {
        const job = await queue.add("ticket", {});
        await job.waitUntilFinished(events);
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function pings(port: number): boolean {
  try {
    return execFileSync("redis-cli", ["-p", String(port), "ping"], { stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .startsWith("PONG");
  } catch {
    return false;
  }
}
