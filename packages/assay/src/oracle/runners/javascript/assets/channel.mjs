// Runs inside the sandbox: writes lines to a descriptor, whole and in order, also when the other end is slow.
import { writeSync } from "node:fs";

const pause = new Int32Array(new SharedArrayBuffer(4));

/** A function that writes one value as a JSON line, synchronously: nothing is lost when the process ends right after. */
export function jsonLinesTo(descriptor) {
  // Kept, so that a test that replaces the functions of node:fs does not silence its own results.
  const write = writeSync;
  const wait = Atomics.wait;
  return (value) => {
    const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
    for (let offset = 0; offset < bytes.length; ) {
      try {
        offset += write(descriptor, bytes, offset);
      } catch (error) {
        if (error?.code !== "EAGAIN") throw error;
        wait(pause, 0, 0, 1);
      }
    }
  };
}
