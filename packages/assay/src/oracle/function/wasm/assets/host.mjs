// Runs in the process that holds the WebAssembly: reads and writes frames for the code inside, which has no descriptors.
import { readSync, writeSync } from "node:fs";

const chunk = Buffer.alloc(65_536);
let rest = Buffer.alloc(0);

/** The next line from standard input; ends the process when there is none. */
export function receive() {
  let end = rest.indexOf(10);
  while (end < 0) {
    const length = readSync(0, chunk);
    if (length === 0) process.exit(0);
    rest = Buffer.concat([rest, chunk.subarray(0, length)]);
    end = rest.indexOf(10);
  }
  const line = rest.toString("utf8", 0, end);
  rest = rest.subarray(end + 1);
  return line;
}

export function send(line) {
  const bytes = Buffer.from(`${line}\n`);
  for (let written = 0; written < bytes.length; ) written += writeSync(3, bytes, written);
}
