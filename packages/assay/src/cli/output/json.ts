import type { Listing, Result } from "@assay/sdk";

/** One line of a `--json` stream; `seq` from 1. */
export function writeListing(line: Listing, seq: number): void {
  process.stdout.write(`${JSON.stringify({ seq, at: Date.now(), ...line })}\n`);
}

/** The last line of a `--json` stream that had `seq` lines before it. */
export function writeResult(result: Result, seq = 0): void {
  process.stdout.write(`${JSON.stringify({ ...result, seq: seq + 1, at: Date.now() })}\n`);
}
