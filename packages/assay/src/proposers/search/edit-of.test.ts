import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { languageOf, parseSource } from "#syntax";
import { edited } from "../../../test/fakes/folder-workspaces.ts";
import { distinctTrials } from "./distinct-edits.ts";
import { editOf } from "./edit-of.ts";
import { rankEdits } from "./ranked-edit.ts";
import { suspicionByFrames } from "./suspicion.ts";

function trialsOf(source: string) {
  const sources = new Map([["a.py", source]]);
  return [...distinctTrials(rankEdits(suspicionByFrames([], ["a.py"], []), sources), sources, 0)];
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

describe("distinctTrials", () => {
  it("offers no result twice and none that equals the source", () => {
    const results = trialsOf(repeated).map((trial) => trial.result);
    expect(new Set(results).size).toBe(results.length);
    expect(results).not.toContain(repeated);
  });

  it("goes on from a rank with exactly the rest", () => {
    const sources = new Map([["a.py", repeated]]);
    const ranked = rankEdits(suspicionByFrames([], ["a.py"], []), sources);
    const all = [...distinctTrials(ranked, sources, 0)];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: ranked.length }), (from) => {
        const rest = [...distinctTrials(ranked, sources, from)].map((trial) => trial.rank);
        expect(rest).toEqual(all.map((trial) => trial.rank).filter((rank) => rank >= from));
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
