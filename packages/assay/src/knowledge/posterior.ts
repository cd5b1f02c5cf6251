import type { Lesson } from "@assay/sdk";
import type { MethodQuestion } from "#ports";

/** Changes of one method for one kind of failure in one language: tried, and right; fractions count. */
export type Tally = { right: number; tried: number };

/** The seed counts as much as so many candidates. */
const seedStrength = 100;
/** What other kinds of failure taught counts less. */
const otherCategoryShare = 0.25;
/** However little or much was seen, a method is neither given up nor all that is tried. */
const factorMin = 0.25;
const factorMax = 4;
/** A seed in the middle: its candidates are expected to be right as often as all are. */
const seedOfAll = 0.5;

const nothing: Tally = { right: 0, tried: 0 };

/** Tallies by language, category and method. */
export class Records {
  readonly #byKey = new Map<string, Tally>();

  constructor(lessons: Iterable<Lesson>) {
    for (const lesson of lessons) this.#learn(lesson);
  }

  /**
   * The seed, scaled by how much likelier a candidate of the method turned out to be right than its seed says: the mean of the Beta
   * distribution over that chance, begun at the seed. What counts is each candidate, not each attempt: a method with hundreds of
   * candidates at every place has to be right more often to come first.
   */
  weight(question: MethodQuestion, seed: number): number {
    const all = this.#seen({ ...question, method: "any" });
    if (all.tried === 0 || all.right === 0) return seed;
    const expected = Math.min(0.5, (all.right / all.tried) * (seed / seedOfAll));
    const own = this.#seen(question);
    const mean = (expected * seedStrength + own.right) / (seedStrength + own.tried);
    return seed * Math.min(factorMax, Math.max(factorMin, mean / expected));
  }

  /** All that were seen, by language, category and method. */
  entries(): (MethodQuestion & Tally)[] {
    const found: (MethodQuestion & Tally)[] = [];
    for (const [key, tally] of this.#byKey) {
      const [language = "", category = "", method = ""] = key.split("\0");
      if (category !== "any" && method !== "any") {
        found.push({ language, category: category as Lesson["category"], method, ...tally });
      }
    }
    return found.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  /** Of this category, and a share of what the others taught. */
  #seen(question: MethodQuestion): Tally {
    const own = this.#byKey.get(keyOf(question)) ?? nothing;
    const all = this.#byKey.get(keyOf({ ...question, category: "any" })) ?? nothing;
    return {
      right: own.right + otherCategoryShare * (all.right - own.right),
      tried: own.tried + otherCategoryShare * (all.tried - own.tried),
    };
  }

  #learn({ language, category, tried, accepted, refused, survived, refuted }: Lesson): void {
    const right = [...accepted, ...survived];
    const methods = new Set([...Object.keys(tried), ...right, ...refused, ...refuted]);
    for (const method of methods) {
      const rightly = right.filter((one) => one === method).length;
      // What was judged was tried.
      const judged = rightly + [...refused, ...refuted].filter((one) => one === method).length;
      const tally = { right: rightly, tried: Math.max(judged, tried[method] ?? 0) };
      for (const about of [category, "any"])
        for (const name of [method, "any"]) this.#add(keyOf({ language, category: about, method: name }), tally);
    }
  }

  #add(key: string, { right, tried }: Tally): void {
    const before = this.#byKey.get(key) ?? nothing;
    this.#byKey.set(key, { right: before.right + right, tried: before.tried + tried });
  }
}

function keyOf({ language, category, method }: { language: string; category: string; method: string }): string {
  return `${language}\0${category}\0${method}`;
}
