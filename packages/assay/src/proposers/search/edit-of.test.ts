import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { languageOf, noFacts, parseSource } from "#syntax";
import { edited } from "../../../test/fakes/folder-workspaces.ts";
import { editOf } from "./edit-of.ts";
import { rankEdits } from "./ranked-edit.ts";
import { SourceTrees } from "./source-trees.ts";
import { suspicionByFrames } from "./suspicion.ts";
import { type Trial, Trials } from "./trials.ts";

function trialsOf(source: string) {
  const sources = new SourceTrees(new Map([["a.py", source]]));
  const ranked = rankEdits({ suspicion: suspicionByFrames([], ["a.py"], []), sources, factsOf: () => noFacts });
  return all(new Trials({ ranked, sources, factsOf: () => noFacts, from: 0 }));
}

function all(trials: Trials): Trial[] {
  const found: Trial[] = [];
  for (let next = trials.next(); !next.done; next = trials.next()) found.push(next.value);
  return found;
}

const repeated =
  "def f(a, b):\n    if a:\n        return a + b\n    if b:\n        return a + b\n    return a + b\n\n\n";

describe("editOf", () => {
  it("gives for every candidate an edit that results in exactly that candidate", () => {
    const source = `# é 😀\n${repeated}${repeated.replace("f(", "g(")}`;
    const trials = trialsOf(source);
    expect(trials.length).toBeGreaterThan(300);
    const wrong = trials.filter((trial) => edited({ "a.py": source }, [editOf(trial)])?.["a.py"] !== trial.result);
    expect(wrong).toEqual([]);
    const kinds = new Set(trials.map((trial) => editOf(trial).kind));
    expect(kinds).toEqual(new Set(["update", "diff"]));
  });

  it("keeps Windows line ends", () => {
    const source = repeated.replaceAll("\n", "\r\n");
    for (const trial of trialsOf(source)) {
      expect(trial.result.replaceAll("\r\n", "")).not.toContain("\n");
      expect(edited({ "a.py": source }, [editOf(trial)])?.["a.py"]).toBe(trial.result);
    }
  });
});

describe("Trials", () => {
  it("offers no result twice and none that equals the source", () => {
    const results = trialsOf(repeated).map((trial) => trial.result);
    expect(new Set(results).size).toBe(results.length);
    expect(results).not.toContain(repeated);
  });

  it("goes on from a rank with exactly the rest", () => {
    const sources = new SourceTrees(new Map([["a.py", repeated]]));
    const ranked = rankEdits({ suspicion: suspicionByFrames([], ["a.py"], []), sources, factsOf: () => noFacts });
    const from = (rank: number) =>
      all(new Trials({ ranked, sources, factsOf: () => noFacts, from: rank })).map(({ rank }) => rank);
    const ranks = from(0);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: ranked.length }), (start) => {
        expect(from(start)).toEqual(ranks.filter((rank) => rank >= start));
      }),
      { numRuns: 5 },
    );
  });
});

describe("parseSource", () => {
  it("refuses what is too long, too deep or broken", () => {
    const python = languageOf("a.py");
    if (python === undefined) throw new Error("no Python");
    expect(parseSource(python, "x = 1\n".repeat(200_000))).toEqual({ kind: "refused", reason: "too-long" });
    expect(parseSource(python, `x = ${"(".repeat(900)}1${")".repeat(900)}`).kind).toBe("refused");
    expect(parseSource(python, "def f(:\n")).toEqual({ kind: "refused", reason: "syntax-error" });
  });
});
