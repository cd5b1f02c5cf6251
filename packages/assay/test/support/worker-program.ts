// node worker-program.ts URL API-KEY NAME — a worker whose tasks are done when a line comes in; tells what happens as JSON lines.
import { generateKeyPairSync } from "node:crypto";
import { createInterface } from "node:readline";
import { signerFor } from "../../src/receipt/signer.ts";
import type { Executor } from "../../src/worker/executor.ts";
import { runWorker } from "../../src/worker/run-worker.ts";

const [url = "", apiKey = "", name = ""] = process.argv.slice(2);
const leaving = new AbortController();
const lines = createInterface({ input: process.stdin });
const waiting = new Set<() => void>();
lines.on("line", () => {
  for (const finish of waiting) finish();
});
process.on("SIGTERM", () => leaving.abort());

const whenTold: Executor = async (_input, { begin, signal }) => {
  begin();
  await new Promise<void>((resolve, reject) => {
    waiting.add(resolve);
    signal.addEventListener("abort", () => reject(signal.reason));
  });
  return { version: 1, kind: "analyze", summary: `by ${name}`, findings: [] };
};

await runWorker({
  url,
  apiKey,
  name,
  role: "analyzer",
  capabilities: [],
  signer: signerFor(generateKeyPairSync("ed25519").privateKey),
  concurrency: 1,
  executors: { analyze: whenTold },
  signal: leaving.signal,
  graceMsMax: 200,
  onEvent: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
});
lines.close();
