/** How many of something each of many has open at a time. */
export class OpenCounts {
  readonly #max: number;
  readonly #open = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  /** One more, until what is returned is called; again it does nothing. `undefined`: there are as many as may be. */
  enter(who: string): (() => void) | undefined {
    const open = this.#open.get(who) ?? 0;
    if (open >= this.#max) return undefined;
    this.#open.set(who, open + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const left = (this.#open.get(who) ?? 1) - 1;
      if (left > 0) this.#open.set(who, left);
      else this.#open.delete(who);
    };
  }
}
