// Runs inside the sandbox: starts one process for each test file, as `node --test` does, and tells on descriptor 3 what it
// saw. The job comes on stdin, the nonce with it: no test process is told the nonce.

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { jsonLinesTo } from "../../javascript/assets/channel.mjs";
import { FileRun } from "./file-run.mjs";

const job = JSON.parse(readFileSync(0, "utf8"));
const write = jsonLinesTo(3);
const emit = (event) => write({ n: job.nonce, ...event });
const startedAt = performance.now();
// A file that hangs must leave time for the others, and for telling which test it was.
const fileMsMax = job.wallMsMax / 2;
const lastMs = job.wallMsMax * 0.9;

emit({ e: "start", runnerVersion: process.version });
const queue = [...job.files];
const workers = Math.min(queue.length, job.concurrency ?? availableParallelism());
await Promise.all(Array.from({ length: workers }, work));
emit({ e: "end" });

async function work() {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) await runFile(next);
}

async function runFile(file) {
  const first = new FileRun(job, file, emit, file.patterns, new Set());
  await first.run(limitMs());
  const missing = (file.ids ?? []).filter((id) => !first.seen.has(id));
  // The name filter of node:test does not reach a subtest without running its parent: then the whole file runs.
  if (file.patterns.length > 0 && missing.length > 0) await new FileRun(job, file, emit, [], first.seen).run(limitMs());
}

function limitMs() {
  return Math.max(1, Math.min(fileMsMax, lastMs - (performance.now() - startedAt)));
}
