const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const refreshMs = 100;

/** One line at the bottom of a terminal that says what is going on; nothing where there is no terminal. */
export class StatusLine implements Disposable {
  readonly #stream: NodeJS.WriteStream;
  readonly #enabled: boolean;
  #text: () => string = () => "";
  #frame = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#enabled = stream.isTTY === true && process.env.TERM !== "dumb";
  }

  show(text: () => string): void {
    if (!this.#enabled) return;
    this.#text = text;
    this.#timer ??= setInterval(() => this.#draw(), refreshMs).unref();
  }

  /** Prints a permanent line above the status. */
  print(line: string, to: NodeJS.WriteStream = this.#stream): void {
    this.#erase();
    to.write(`${line}\n`);
  }

  clear(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#erase();
  }

  [Symbol.dispose](): void {
    this.clear();
  }

  #draw(): void {
    this.#frame = (this.#frame + 1) % frames.length;
    const width = Math.max(20, (this.#stream.columns ?? 80) - 4);
    const full = this.#text();
    const text = full.length > width ? `${full.slice(0, width - 1)}…` : full;
    this.#stream.write(`\r\x1b[2K${frames[this.#frame]} ${text}`);
  }

  #erase(): void {
    if (this.#enabled) this.#stream.write("\r\x1b[2K");
  }
}
