import type { Lesson } from "@assay/sdk";
import type { MethodQuestion } from "#ports";

/** How often changes of one method were right and wrong for one kind of failure in one language; fractions count. */
export type Tally = { right: number; wrong: number };

/** A seed counts as much as so many attempts. */
export const seedStrength = 8;
/** Being tried in vain says little: the bug may have been of any kind. */
const inVain = 0.05;
/** What other kinds of failure taught counts less. */
const otherCategoryShare = 0.25;
const chanceMin = 0.01;
const chanceMax = 0.99;

/** Records by language, category and method. */
export class Records {
  readonly #byKey = new Map<string, Tally>();

  constructor(lessons: Iterable<Lesson>) {
    for (const lesson of lessons) this.#learn(lesson);
  }

  /** Mean of the Beta distribution over the chance: the seed, then what was seen for this category, then for others. */
  chance(question: MethodQuestion, seed: number): number {
    const own = this.of(question);
    const all = this.#byKey.get(keyOf({ ...question, category: "any" })) ?? { right: 0, wrong: 0 };
    const right = own.right + otherCategoryShare * (all.right - own.right);
    const wrong = own.wrong + otherCategoryShare * (all.wrong - own.wrong);
    const mean = (seed * seedStrength + right) / (seedStrength + right + wrong);
    return Math.min(chanceMax, Math.max(chanceMin, mean));
  }

  of(question: MethodQuestion): Tally {
    return this.#byKey.get(keyOf(question)) ?? { right: 0, wrong: 0 };
  }

  /** All that were seen, by language, category and method. */
  entries(): (MethodQuestion & Tally)[] {
    const found: (MethodQuestion & Tally)[] = [];
    for (const [key, record] of this.#byKey) {
      const [language = "", category = "", method = ""] = key.split("\0");
      if (category !== "any") found.push({ language, category: category as Lesson["category"], method, ...record });
    }
    return found.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  #learn({ language, category, tried, accepted, refused, survived, refuted }: Lesson): void {
    const count = (method: string, part: keyof Tally, amount: number): void => {
      for (const about of [category, "any"]) {
        const key = keyOf({ language, category: about, method });
        const record = this.#byKey.get(key) ?? { right: 0, wrong: 0 };
        record[part] += amount;
        this.#byKey.set(key, record);
      }
    };
    for (const method of [...accepted, ...survived]) count(method, "right", 1);
    for (const method of [...refused, ...refuted]) count(method, "wrong", 1);
    const known = new Set([...accepted, ...survived, ...refused, ...refuted]);
    for (const [method, times] of Object.entries(tried))
      if (times > 0 && !known.has(method)) count(method, "wrong", inVain);
  }
}

function keyOf({ language, category, method }: { language: string; category: string; method: string }): string {
  return `${language}\0${category}\0${method}`;
}
