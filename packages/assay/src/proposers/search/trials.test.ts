import { describe, expect, it } from "vitest";
import { noFacts } from "#syntax";
import { rankEdits } from "./ranked-edit.ts";
import { SourceTrees } from "./source-trees.ts";
import { suspicionByFrames } from "./suspicion.ts";
import { isMade, type Opened, type Trial, Trials } from "./trials.ts";

const source = "def pick(items, count):\n    total = sum(items)\n    return total - count\n";
const sources = new SourceTrees(new Map([["a.py", source]]));
const ranked = rankEdits({ suspicion: suspicionByFrames([], ["a.py"], []), sources, factsOf: () => noFacts });
const open = (from: number, opened: readonly Opened[] = []) =>
  new Trials({ ranked, sources, factsOf: () => noFacts, from, opened });

function taken(trials: Trials, count: number): Trial[] {
  const found: Trial[] = [];
  for (let next = trials.next(); !next.done; next = trials.next()) {
    found.push(next.value);
    if (found.length === count) break;
  }
  return found;
}

/** An exit put in front of everything, which would turn a failing test green and break others. */
const nearly = () => {
  const trial = taken(open(0), Number.POSITIVE_INFINITY).find(({ edit }) => edit.replacement.trim() === "return items");
  if (trial === undefined) throw new Error("no such edit");
  return trial;
};

describe("trials that were nearly right", () => {
  it("come again under conditions, in turns with the rest, none of them twice", () => {
    const trials = open(0);
    trials.nearlyRight(nearly());
    trials.nearlyRight(nearly());
    const some = taken(trials, 40);
    expect(some.map(isMade).slice(0, 6)).toEqual([false, true, false, true, false, true]);
    const made = some.filter(isMade);
    expect(made[0]?.result).toContain("    if items:\n        return items\n");
    expect(new Set(some.map(({ result }) => result)).size).toBe(some.length);
    expect(new Set(some.map(({ rank }) => rank)).size).toBe(some.length);
  });

  it("go on where they were when a search is resumed", () => {
    const trials = open(0);
    trials.nearlyRight(nearly());
    const before = taken(trials, 20);
    const last = before.findLast(isMade);
    if (last === undefined) throw new Error("none was made");
    // The last of them had no outcome yet.
    const opened = trials.opened([last.rank]);
    const after = taken(open(trials.position, opened), 20);
    expect(after.find(isMade)?.result).toBe(last.result);
    const known = new Set(before.filter((trial) => trial !== last).map(({ result }) => result));
    expect(after.filter(({ result }) => known.has(result))).toEqual([]);
  });

  it("are not made of what was made from another", () => {
    const trials = open(0);
    trials.nearlyRight(nearly());
    const made = taken(trials, 10).find(isMade);
    if (made !== undefined) trials.nearlyRight(made);
    expect(trials.opened([])).toHaveLength(1);
  });
});

describe("pairs", () => {
  it("change two places of a file, and tell both", () => {
    const pairs = taken(open(0), Number.POSITIVE_INFINITY).filter(({ edit }) => edit.operator === "pair");
    expect(pairs.length).toBeGreaterThan(5);
    for (const { edit, result } of pairs) {
      const [first, second] = edit.both ?? [];
      if (first === undefined || second === undefined) throw new Error("a pair has two");
      expect(first.end <= second.start).toBe(true);
      const twice = source.slice(0, second.start) + second.replacement + source.slice(second.end);
      expect(twice.slice(0, first.start) + first.replacement + twice.slice(first.end)).toBe(result);
    }
  });
});
