// Runs inside the sandbox, on both sides: frames of one JSON document a line, written and read synchronously.
import { readSync, writeSync } from "node:fs";

// Taken before anything of a candidate runs: one that replaces them breaks its own answers at most.
const read = readSync;
const write = writeSync;
const { parse, stringify } = JSON;
const wait = Atomics.wait;
const { from, alloc, concat } = Buffer;

const pause = new Int32Array(new SharedArrayBuffer(4));
const lineFeed = 10;

export class Frames {
  #reading;
  #writing;
  #prefix;
  #rest = alloc(0);

  /** `prefix`: what every frame begins with, for who relays them. */
  constructor(reading, writing, prefix = "") {
    this.#reading = reading;
    this.#writing = writing;
    this.#prefix = prefix;
  }

  send(document) {
    this.write(this.#prefix + stringify(document));
  }

  write(line) {
    const bytes = from(`${line}\n`);
    for (let offset = 0; offset < bytes.length; ) offset += retried(() => write(this.#writing, bytes, offset));
  }

  /** The next document; `undefined` when the other end is gone. Throws for what is not JSON. */
  receive() {
    const parts = [];
    let rest = this.#rest;
    for (;;) {
      const end = rest.indexOf(lineFeed);
      if (end >= 0) {
        parts.push(rest.subarray(0, end));
        this.#rest = rest.subarray(end + 1);
        return parse(concat(parts).toString("utf8"));
      }
      parts.push(rest);
      const chunk = alloc(65536);
      const length = retried(() => read(this.#reading, chunk));
      if (length === 0) return undefined;
      rest = chunk.subarray(0, length);
    }
  }
}

function retried(act) {
  for (;;) {
    try {
      return act();
    } catch (error) {
      if (error?.code !== "EAGAIN") throw error;
      wait(pause, 0, 0, 1);
    }
  }
}
