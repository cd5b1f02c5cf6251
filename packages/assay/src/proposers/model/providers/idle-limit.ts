/** Aborts when nothing happened for a while, and when all of it takes too long. */
export class IdleLimit implements Disposable {
  readonly #controller = new AbortController();
  readonly #wall: NodeJS.Timeout;
  readonly #idle: NodeJS.Timeout;

  constructor(idleMsMax: number, wallMsMax: number) {
    this.#idle = setTimeout(() => this.#abort(`silent for ${idleMsMax / 1000} s`), idleMsMax);
    this.#wall = setTimeout(() => this.#abort(`not done after ${wallMsMax / 1000} s`), wallMsMax);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why it aborted. */
  get reason(): string | undefined {
    return this.signal.aborted ? String(this.signal.reason) : undefined;
  }

  touch(): void {
    this.#idle.refresh();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#wall);
  }

  #abort(reason: string): void {
    this.#controller.abort(reason);
  }
}
