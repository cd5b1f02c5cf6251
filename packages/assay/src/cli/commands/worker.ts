import { open } from "node:fs/promises";
import { hostname } from "node:os";
import type { WorkerRole } from "@assay/sdk";
import { openSpanExport } from "#app";
import { raise } from "#domain";
import { sanitizeLine } from "#report";
import { runWorker, type WorkerEvent } from "#worker";
import { abortOnInterrupt } from "../interrupt.ts";
import { workerExecutors } from "../worker-executors.ts";
import { openWorkerKey } from "../worker-key.ts";

export type WorkerCommandOptions = {
  url: string;
  role: WorkerRole;
  capability: string[];
  name?: string;
  concurrency: number;
  keyFile?: string;
  workerKey?: string;
  environment?: string;
  proposer: string[];
  json?: boolean;
};

const keyBytesMax = 4096;
const graceMsMax = 10_000;

export async function workerCommand(options: WorkerCommandOptions): Promise<void> {
  const { url, role, capability, name = hostname(), concurrency } = options;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    raise("usage", `${url} is no address of a daemon`, "write it as http://HOST:PORT or https://HOST:PORT");
  }
  if (concurrency > 64) raise("usage", "a worker does at most 64 tasks at the same time", "start another one");
  const apiKey = await readApiKey(options.keyFile);
  const executors = await workerExecutors(options);
  using key = await openWorkerKey(role, options.workerKey);
  using interrupt = abortOnInterrupt();
  await using spans = openSpanExport();
  await runWorker({
    spans,
    url,
    apiKey,
    name,
    role,
    capabilities: capability,
    signer: key.signer,
    concurrency,
    executors,
    signal: interrupt.signal,
    graceMsMax,
    onEvent: options.json === true ? tellAsJson : tell,
  });
}

async function readApiKey(path: string | undefined): Promise<string> {
  if (path === undefined) {
    const key = process.env.ASSAY_API_KEY ?? "";
    return key !== "" ? key : raise("usage", "a worker needs an API key", "set ASSAY_API_KEY, or name a --key-file");
  }
  try {
    await using file = await open(path, "r");
    const { mode, size } = await file.stat();
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
      raise("key-invalid", `others can read the key in ${path}`, `Run: chmod 600 '${path}'`);
    }
    if (size > keyBytesMax) raise("key-invalid", `${path} is too large for a key`);
    return (await file.readFile("utf8")).trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code === "string") raise("key-invalid", `cannot read the key in ${path} (${code})`);
    throw error;
  }
}

function tellAsJson(event: WorkerEvent): void {
  const { kind, ...rest } = event;
  process.stdout.write(`${JSON.stringify({ type: `worker-${kind}`, at: Date.now(), ...rest })}\n`);
}

function tell(event: WorkerEvent): void {
  process.stderr.write(`assay worker: ${sanitizeLine(describe(event))}\n`);
}

function describe(event: WorkerEvent): string {
  switch (event.kind) {
    case "joined":
      return `is ${event.worker}, waits for tasks${event.attest ? "; its results count as evidence" : ""}`;
    case "state":
      return `${event.task}: ${event.state.toUpperCase()}`;
    case "finished":
      return `${event.task}: ${event.outcome}${event.detail === "" ? "" : ` (${event.detail})`}`;
    case "dropped":
      return `${event.task}: dropped, ${event.because}`;
    case "stopped":
      return `emergency stop: ${event.reason}`;
    case "lost":
      return `${event.because}; tries again in ${event.retryMs} ms`;
  }
}
