/** Hands lines from a producer to one async consumer; ends once and stays ended. */
export class LineQueue implements AsyncIterable<string> {
  readonly #lines: string[] = [];
  #bytes = 0;
  #ended = false;
  #wake: (() => void) | undefined;
  readonly #onDrained: () => void;

  /** `onDrained` is called whenever the consumer has taken everything. */
  constructor(onDrained: () => void) {
    this.#onDrained = onDrained;
  }

  /** UTF-16 units waiting to be taken. */
  get waiting(): number {
    return this.#bytes;
  }

  push(line: string): void {
    if (this.#ended) return;
    this.#lines.push(line);
    this.#bytes += line.length;
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    while (true) {
      const line = this.#lines.shift();
      if (line !== undefined) {
        this.#bytes -= line.length;
        if (this.#lines.length === 0) this.#onDrained();
        yield line;
      } else if (this.#ended) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}
