const newline = 0x0a;

/** Cuts a byte stream into UTF-8 lines without their `\n`; what follows the last `\n` is never given out. */
export class LineSplitter {
  #parts: Buffer[] = [];
  #partBytes = 0;
  readonly #lineBytesMax: number;
  #overlong = false;

  constructor(lineBytesMax: number) {
    this.#lineBytesMax = lineBytesMax;
  }

  /** Whether a line longer than the bound was met; nothing is given out from then on. */
  get overlong(): boolean {
    return this.#overlong;
  }

  add(chunk: Buffer): string[] {
    const lines: string[] = [];
    let from = 0;
    while (!this.#overlong) {
      const end = chunk.indexOf(newline, from);
      const part = chunk.subarray(from, end === -1 ? chunk.length : end);
      if (this.#partBytes + part.length > this.#lineBytesMax) {
        this.#overlong = true;
        this.#parts = [];
        break;
      }
      this.#parts.push(part);
      this.#partBytes += part.length;
      if (end === -1) break;
      lines.push(Buffer.concat(this.#parts).toString("utf8"));
      this.#parts = [];
      this.#partBytes = 0;
      from = end + 1;
    }
    return lines;
  }
}
