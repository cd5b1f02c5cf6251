import { outputBytesKept } from "#domain";
import type { CapturedOutput } from "#ports";

/** Keeps the head and the tail of a stream, half of `outputBytesKept` each, and counts all of it. */
export class OutputCapture {
  readonly #half: number;
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #totalBytes = 0;

  constructor(keptBytes = outputBytesKept) {
    this.#half = Math.floor(keptBytes / 2);
  }

  get totalBytes(): number {
    return this.#totalBytes;
  }

  add(chunk: Buffer): void {
    this.#totalBytes += chunk.length;
    const toHead = Math.min(chunk.length, this.#half - this.#headBytes);
    if (toHead > 0) {
      this.#head.push(chunk.subarray(0, toHead));
      this.#headBytes += toHead;
    }
    if (toHead === chunk.length) return;
    this.#tail.push(chunk.subarray(toHead));
    this.#tailBytes += chunk.length - toHead;
    // Compacted at twice the size, so that each byte is copied a bounded number of times.
    if (this.#tailBytes > 2 * this.#half) this.#compactTail();
  }

  finish(): CapturedOutput {
    this.#compactTail();
    const truncated = this.#totalBytes > this.#headBytes + this.#tailBytes;
    const head = Buffer.concat(this.#head);
    const tail = Buffer.concat(this.#tail);
    if (!truncated) {
      return { text: Buffer.concat([head, tail]).toString("utf8"), totalBytes: this.#totalBytes, truncated };
    }
    const leftOut = this.#totalBytes - head.length - tail.length;
    const text = `${wholeCharacters(head)}\n[… ${leftOut} bytes left out …]\n${tail.subarray(firstCharacter(tail)).toString("utf8")}`;
    return { text, totalBytes: this.#totalBytes, truncated };
  }

  #compactTail(): void {
    const joined = Buffer.concat(this.#tail);
    const kept = joined.subarray(Math.max(0, joined.length - this.#half));
    this.#tail = [Buffer.from(kept)];
    this.#tailBytes = kept.length;
  }
}

const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;

/** The cut may lie inside a character of up to four bytes. */
function wholeCharacters(head: Buffer): string {
  const text = head.toString("utf8");
  let start = head.length - 1;
  while (start > 0 && head.length - start < 4 && isContinuation(head[start])) start--;
  const lead = head[start] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return start + length > head.length ? head.subarray(0, start).toString("utf8") : text;
}

function firstCharacter(tail: Buffer): number {
  let start = 0;
  while (start < 4 && isContinuation(tail[start])) start++;
  return start;
}
