// Runs inside the sandbox: tries candidates one after the other, each test file in a process that was started beforehand.
// Requests come on stdin, one line each; answers go to descriptor 3. Only failures can be trusted.
import { createInterface } from "node:readline";
import { CandidateFiles } from "../../javascript/assets/candidate-files.mjs";
import { jsonLinesTo } from "../../javascript/assets/channel.mjs";
import { screenFile } from "./screen-file.mjs";
import { SparePool } from "./spare-pool.mjs";
import { TypeStripper } from "./strip-types.mjs";
import { brokenEdits } from "./together/broken-edits.mjs";
import { EditTrials } from "./together/try-edits.mjs";

/** More cost more than running whole files. */
const patternsMax = 50;

const write = jsonLinesTo(3);
let job;
let pool;
let stripper;
let candidate;
let trials;

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (job === undefined) {
    candidate = new CandidateFiles(message.root);
    stripper = new TypeStripper(message.root, message.typescript);
    job = { ...message, table: stripper.writeTable() };
    pool = new SparePool(job);
    pool.prepare([]);
    trials = new EditTrials(job);
    write({ n: job.nonce, ready: process.version });
  } else if (message.parse !== undefined) {
    write({ n: job.nonce, id: message.id, kind: "batch", outcomes: brokenEdits(stripper, message.parse) });
  } else if (message.batch !== undefined) {
    write({
      n: job.nonce,
      id: message.id,
      kind: "batch",
      outcomes: await together(message.batch, (batch) => trials.try(batch), []),
    });
  } else if (message.contrast !== undefined) {
    const nothing = { compared: false, found: null };
    const told = await together(message.contrast, (batch) => trials.tellApart(batch), nothing);
    write({ n: job.nonce, id: message.id, kind: "difference", ...told });
  } else write({ n: job.nonce, id: message.id, ...(await answer(message)) });
}

/** `batch.text` holds all of the edits of `batch.file`. */
async function together(batch, ask, nothing) {
  try {
    const files = { [batch.file]: batch.text };
    const stripped = stripper.strip(files);
    candidate.place(files);
    return await ask({ ...batch, stripped });
  } catch {
    // They cannot stand side by side.
    return nothing;
  }
}

async function answer({ files, selection }) {
  let stripped;
  try {
    stripped = stripper.strip(files);
  } catch (error) {
    return { kind: "broken", message: `SyntaxError: ${error?.message}` };
  }
  try {
    candidate.place(files);
  } catch (error) {
    return { kind: "broken", message: `the candidate could not be written: ${error?.message}` };
  }
  // One set of patterns for all files: a spare of one file serves the next.
  const patterns = [...new Set(selection.flatMap((each) => each.patterns))];
  const narrowed = patterns.length <= patternsMax && selection.every((each) => each.patterns.length > 0);
  for (const file of selection) {
    const outcome = await screenFile(job, pool, { ...file, patterns: narrowed ? patterns : [] }, stripped);
    if (outcome.kind !== "passed") return outcome;
  }
  return { kind: "passed" };
}
