// Runs inside the sandbox: tries candidates one after the other, each test file in a process that was started beforehand.
// Requests come on stdin, one line each; answers go to descriptor 3. Only failures can be trusted.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { jsonLinesTo } from "../../javascript/assets/channel.mjs";
import { screenFile } from "./screen-file.mjs";
import { SparePool } from "./spare-pool.mjs";
import { TypeStripper } from "./strip-types.mjs";

const write = jsonLinesTo(3);
const originals = new Map();
let edited = [];
let job;
let pool;
let stripper;

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (job === undefined) {
    stripper = new TypeStripper(message.root, message.typescript);
    job = { ...message, table: stripper.writeTable() };
    pool = new SparePool(job);
    pool.prepare([]);
    write({ n: job.nonce, ready: process.version });
  } else write({ n: job.nonce, id: message.id, ...(await answer(message)) });
}

async function answer({ files, selection }) {
  let stripped;
  try {
    stripped = stripper.strip(files);
  } catch (error) {
    return { kind: "broken", message: `SyntaxError: ${error?.message}` };
  }
  try {
    place(files);
  } catch (error) {
    return { kind: "broken", message: `the candidate could not be written: ${error?.message}` };
  }
  for (const file of selection) {
    const outcome = await screenFile(job, pool, file, stripped);
    if (outcome.kind !== "passed") return outcome;
  }
  return { kind: "passed" };
}

/** Puts the candidate's files in place and those of the last one back. */
function place(files) {
  for (const path of edited) if (!Object.hasOwn(files, path)) restore(path);
  edited = [];
  for (const [path, content] of Object.entries(files)) {
    const target = join(job.root, path);
    if (!originals.has(path)) originals.set(path, readIfAny(target));
    edited.push(path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
}

function restore(path) {
  const original = originals.get(path);
  if (original === undefined) rmSync(join(job.root, path), { force: true });
  else writeFileSync(join(job.root, path), original);
}

function readIfAny(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
