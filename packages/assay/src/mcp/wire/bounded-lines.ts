/** A line without its end, or the place of one that was longer than it may be. */
export type Line = { kind: "line"; text: string } | { kind: "too-long" };

const newline = 0x0a;

/** Splits a stream of bytes into lines and keeps no more of it than one line may have. */
export class BoundedLines {
  readonly #lineBytesMax: number;
  #parts: Buffer[] = [];
  #bytes = 0;
  #skipping = false;

  constructor(lineBytesMax: number) {
    this.#lineBytesMax = lineBytesMax;
  }

  /** The lines that end in this chunk, in order; the same however the stream was cut into chunks. */
  push(chunk: Buffer): Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      this.#keep(chunk.subarray(from, end));
      lines.push(this.#take());
      from = end + 1;
    }
    this.#keep(chunk.subarray(from));
    return lines;
  }

  #keep(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > this.#lineBytesMax) {
      this.#skipping = true;
      this.#parts = [];
    } else if (part.length > 0) {
      this.#parts.push(part);
    }
  }

  #take(): Line {
    const line: Line = this.#skipping
      ? { kind: "too-long" }
      : { kind: "line", text: Buffer.concat(this.#parts).toString("utf8").replace(/\r$/, "") };
    this.#parts = [];
    this.#bytes = 0;
    this.#skipping = false;
    return line;
  }
}
