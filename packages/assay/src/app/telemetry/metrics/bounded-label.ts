/** What stands for everything over a label's bound. */
export const otherValue = "other";

const charactersMax = 100;

/**
 * At most so many values of a label, first come first kept; the rest is `other`. Every value is a time series for ever, in the memory of
 * this process and of whoever scrapes it, and names of models, steps and workflows are chosen by others.
 */
export class BoundedLabel {
  readonly #valuesMax: number;
  readonly #values = new Set<string>();

  constructor(valuesMax: number) {
    this.#valuesMax = valuesMax;
  }

  of(value: string): string {
    if (this.#values.has(value)) return value;
    if (value.length > charactersMax || this.#values.size >= this.#valuesMax) return otherValue;
    this.#values.add(value);
    return value;
  }
}
