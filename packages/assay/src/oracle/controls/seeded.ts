import { createHash } from "node:crypto";

/** Draws that are the same for the same seed, and cannot be foretold without it. */
export class Seeded {
  private readonly key: string;
  private drawn = 0;

  constructor(seed: number, purpose: string) {
    this.key = `${seed}\0${purpose}`;
  }

  /** `count` hexadecimal digits, at most 64. */
  hex(count: number): string {
    this.drawn += 1;
    return createHash("sha256").update(`${this.key}\0${this.drawn}`).digest("hex").slice(0, count);
  }

  /** From 0 to below `end`, which is at least 1. */
  below(end: number): number {
    return Number.parseInt(this.hex(12), 16) % end;
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[this.below(Math.max(1, items.length))];
  }

  shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, key: this.hex(16) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ item }) => item);
  }
}
