import type { Listing, Result, RunEvent } from "@assay/sdk";

/** Of the last line printed: one process prints one stream, and `seq` only rises in it. */
let lastSeq = 0;

/** One line of a `--json` stream. */
export function writeListing(line: Listing): void {
  writeLine({ seq: lastSeq + 1, at: Date.now(), ...line });
}

/** An event, under the `seq` it has in its run. */
export function writeEvent(event: RunEvent): void {
  writeLine(event);
}

/** The last line of a `--json` stream. */
export function writeResult(result: Result, runId?: string): void {
  const about = runId === undefined ? {} : { runId };
  writeLine({ ...result, ...about, seq: lastSeq + 1, at: Date.now() });
}

function writeLine(line: { seq: number; at: number }): void {
  lastSeq = Math.max(lastSeq, line.seq);
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
