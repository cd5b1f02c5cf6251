import { runEventBodySchema } from "@assay/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runId } from "#domain";
import { digestOf, type LanguageModel } from "#ports";
import { preferring, ScriptedJudge } from "../../test/fakes/scripted-judge.ts";
import { proven } from "../../test/support/proven-candidate.ts";
import { councilRanked } from "./council-ranked.ts";
import type { ProvenCandidate } from "./proven-candidate.ts";
import { type RankRequest, rankCandidates } from "./rank.ts";

const base = "def price(count):\n    if count > 10:\n        return count * 9\n    return count * 10\n";
/** Changes of growing size. */
const afters = [
  base.replace("> 10", ">= 10"),
  base.replace("> 10", ">= 10 and True"),
  base.replace("    if count", "    count = abs(count)\n    if count").replace("> 10", ">= 10"),
  base.replace("return count * 10", "if count == 10:\n        return 90\n    return count * 10"),
];
const candidate = (index: number, by?: string) => proven(`c${index}`, base, afters[index] ?? base, by);
const four = [0, 1, 2, 3].map((index) => candidate(index));

const bySize = preferring((diff) => diff.length);
const byWorst = preferring((diff) => -diff.length);
const firstLetter = (shown: readonly { letter: string }[]) => shown.map(({ letter }) => letter);
/** An opinion that has nothing to do with the order in which changes are shown. */
const byTaste = (taste: string) => preferring((diff) => Number.parseInt(digestOf(taste + diff).slice(7, 15), 16));

const rank = (candidates: readonly ProvenCandidate[], judges: readonly LanguageModel[], more?: Partial<RankRequest>) =>
  rankCandidates({
    runId: runId("heal-01kbm2x9c4"),
    failureText: "AssertionError: 100 != 90",
    candidates,
    judges,
    ambiguous: false,
    ask: (_key, model, request) => model.ask(request),
    ...more,
  });
const idsOf = (outcome: Awaited<ReturnType<typeof rank>>) =>
  outcome.kind === "ranked" ? outcome.ranking.map((change) => change.candidate) : [];

describe("who may be ranked", () => {
  test("is nobody without an accepted verdict that cites evidence recorded of it", async () => {
    const good = candidate(0);
    const refused: [object, RegExp][] = [
      [{ ...good, verdict: { ...good.verdict, kind: "inconclusive" } }, /inconclusive, not accepted/],
      [{ ...good, verdict: { ...good.verdict, kind: "rejected" } }, /rejected, not accepted/],
      [{ ...good, verdict: undefined }, /missing, not accepted/],
      [{ ...good, verdict: { ...good.verdict, evidence: [] } }, /cites no evidence/],
      [{ ...good, verdict: { ...good.verdict, evidence: ["sha256:0"] } }, /no digest/],
      [{ ...good, verdict: { ...good.verdict, evidence: [digestOf("another's")] } }, /not recorded of it/],
    ];
    for (const [bad, why] of refused) {
      await expect(rank([candidate(1), bad as ProvenCandidate], [])).rejects.toThrow(why);
    }
    await expect(rank([], [])).rejects.toThrow("no candidate");
    await expect(rank([good, good], [])).rejects.toThrow("two candidates have the id c0");
    await expect(rank([proven("same", base, base)], [])).rejects.toThrow("candidate same cannot be ranked");
  });
});

describe("one change", () => {
  test("is the ranking, whoever proposed it, and nobody is asked", async () => {
    const judge = new ScriptedJudge("a/1", bySize);
    const noted = proven("a-noted", base, `# Why.\n${afters[0]}`, "b/2");
    const outcome = await rank([noted, candidate(0, "c/3")], [judge]);
    expect(outcome).toMatchObject({ kind: "ranked", method: "single", ballots: [] });
    expect(outcome.kind === "ranked" && outcome.ranking).toMatchObject([{ candidate: "c0", sameChange: ["a-noted"] }]);
    expect(outcome.kind === "ranked" && outcome.ranking[0].evidence).toHaveLength(4);
    expect(outcome.reasons).toEqual(["all 2 proven candidates make the same change"]);
    expect(judge.asked).toEqual([]);
  });
});

describe("judges that agree", () => {
  test("decide, also against the smallest change", async () => {
    const outcome = await rank(four, [new ScriptedJudge("a/1", byWorst), new ScriptedJudge("b/1", byWorst)]);
    expect(outcome).toMatchObject({ kind: "ranked", method: "kemeny", agreement: 1 });
    const lengths = outcome.kind === "ranked" ? outcome.ranking.map(({ diff }) => diff.length) : [];
    expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
    expect(outcome.reasons).toEqual(["the judges agree: Kendall's W is 1.00, 2 ballots count"]);
  });

  test("decide by Borda points where there are more than seven changes", async () => {
    const nine = Array.from({ length: 9 }, (_, index) => proven(`n${index}`, base, base.replace("9", `${index + 20}`)));
    const judges = ["a/1", "b/1"].map((id) => new ScriptedJudge(id, byTaste("alike")));
    const outcome = await rank(nine, judges);
    expect(outcome).toMatchObject({ kind: "ranked", method: "borda", agreement: 1 });
    const points = outcome.kind === "ranked" ? outcome.ranking.map(({ bordaPoints }) => bordaPoints) : [];
    expect(points).toEqual([1, 7 / 8, 6 / 8, 5 / 8, 4 / 8, 3 / 8, 2 / 8, 1 / 8, 0]);
  });

  test("may be none where there are more changes than letters: the smallest ones are ranked, and it is said", async () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      proven(`n${index}`, base, base.replace("9", `${index + 20}`)),
    );
    const outcome = await rank(many, []);
    expect(idsOf(outcome)).toHaveLength(26);
    expect(outcome.reasons[0]).toBe("the 26 smallest changes are ranked, 4 larger ones are left out");
  });
});

describe("judges that do not agree", () => {
  const split = () => [new ScriptedJudge("a/1", bySize), new ScriptedJudge("b/1", byWorst)];

  test("leave it to the size of the changes, and that is said", async () => {
    const outcome = await rank(four, split());
    expect(outcome).toMatchObject({ kind: "ranked", method: "minimality", agreement: 0 });
    expect(idsOf(outcome)[0]).toBe("c0");
    expect(outcome.reasons).toEqual([
      "the judges disagree: Kendall's W is 0.00, 2 ballots count, and agreement begins at 0.6",
      "the smallest change comes first: c0 (nodes of the syntax tree: 2, lines: 2, files: 1), before c1 (nodes of the syntax tree: 5, lines: 2, files: 1)",
    ]);
  });

  test("decide nothing where the changes do different things", async () => {
    for (const judges of [
      split(),
      [],
      [new ScriptedJudge("a/1", bySize)],
      [new ScriptedJudge("a/1", () => "abstain")],
    ]) {
      const outcome = await rank(four, judges, { ambiguous: true });
      expect(outcome.kind).toBe("no-agreement");
      expect(outcome.reasons.at(-1)).toBe(
        "the changes are known to do different things, and nothing says which is meant",
      );
      expect(outcome.ballots).toHaveLength(judges.length);
    }
    const agreed = await rank(
      four,
      ["a/1", "b/1"].map((id) => new ScriptedJudge(id, bySize)),
      { ambiguous: true },
    );
    expect(agreed).toMatchObject({ kind: "ranked", method: "kemeny" });
  });

  test("are those too of whom half or fewer put their first change before the smallest one", async () => {
    const candidates = [candidate(0, "a/1"), candidate(1, "b/1"), candidate(2), candidate(3)];
    const judges = ["a/2", "b/2"].map((id) => new ScriptedJudge(id, byWorst));
    const outcome = await rank(candidates, judges);
    expect(outcome).toMatchObject({ kind: "ranked", method: "minimality", agreement: 1 });
    expect(outcome.reasons.slice(0, 2)).toEqual([
      "the judges agree: Kendall's W is 1.00, 2 ballots count",
      "of 2 judges 1 put c2 before c0, and more than half must",
    ]);
    const together = await rank(candidates, [...judges, new ScriptedJudge("c/1", byWorst)]);
    expect(together).toMatchObject({ kind: "ranked", method: "kemeny" });
    expect(idsOf(together)[0]).toBe("c2");
  });

  test("are those too of whom half or fewer put their first change before each other one that does something else", async () => {
    const candidates = [candidate(0), candidate(1, "a/1"), candidate(2, "b/1")];
    const judges = ["a/2", "b/2", "c/1"].map((id) => new ScriptedJudge(id, bySize));
    expect(await rank(candidates, judges, { ambiguous: true })).toMatchObject({ kind: "ranked", method: "kemeny" });
    const apart = await rank(candidates.slice(1), [...judges, new ScriptedJudge("d/1", bySize)], { ambiguous: true });
    expect(apart).toMatchObject({ kind: "no-agreement", agreement: 1 });
    expect(apart.reasons).toContain("of 4 judges 2 put c1 before c2, and more than half must");
  });
});

describe("a ranking", () => {
  test("depends neither on the order of candidates nor on that of judges, nor on who of them has which name", async () => {
    const tastes = fc.array(fc.constantFrom("x", "y", "z"), { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(tastes, fc.infiniteStream(fc.nat()), fc.boolean(), async (given, dice, ambiguous) => {
        const shuffled = <T>(items: readonly T[]) =>
          items
            .map((item) => ({ item, at: dice.next().value }))
            .sort((a, b) => a.at - b.at)
            .map(({ item }) => item);
        const judged = (names: readonly string[], all: readonly string[]) =>
          all.map((taste, index) => new ScriptedJudge(`${names[index]}/1`, byTaste(taste)));
        const names = ["a", "b", "c", "d"];
        const authored = [candidate(0, "e/1"), ...four.slice(1)];
        const one = await rank(authored, judged(names, given), { ambiguous });
        const other = await rank(shuffled(authored), shuffled(judged(names, given)), { ambiguous });
        expect(other).toEqual(one);
        const renamed = await rank(authored, judged(names, shuffled(given)), { ambiguous });
        expect({ ...renamed, ballots: [] }).toEqual({ ...one, ballots: [] });
      }),
      { numRuns: 40 },
    );
  });

  test("is the same with and without whom only their own changes would be shown to", async () => {
    const candidates = [0, 1, 2, 3].map((index) => candidate(index, "own/model"));
    const judges = ["a/1", "b/1", "c/1"].map((id) => new ScriptedJudge(id, byTaste("alike")));
    const without = await rank(candidates, judges);
    const partisan = new ScriptedJudge("own/other", byWorst);
    const withOwn = await rank(candidates, [partisan, ...judges]);
    expect(partisan.asked).toEqual([]);
    expect({ ...withOwn, ballots: [], reasons: [] }).toEqual({ ...without, ballots: [], reasons: [] });
    expect(withOwn.reasons[0]).toMatch(/^own\/other abstains/);
  });

  test("is the same with and without judges who go by letters", async () => {
    const judges = ["a/1", "b/1"].map((id) => new ScriptedJudge(id, bySize));
    const without = await rank(four, judges);
    const withFirst = await rank(four, [...judges, new ScriptedJudge("c/1", firstLetter)]);
    expect({ ...withFirst, ballots: [], reasons: [] }).toEqual({ ...without, ballots: [], reasons: [] });
    expect(withFirst.ballots.at(-1)).toMatchObject({ judge: "c/1", kind: "abstained" });
    expect(withFirst.reasons[0]).toMatch(/^c\/1 abstains: order-dependent/);
  });

  test("begins with the smallest change, however half of the judges vote, if the others put it first", async () => {
    const author = fc.constantFrom(undefined, "a/1", "b/1", "c/1", "d/1");
    const authors = fc.array(author, { minLength: 4, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(authors, fc.string(), fc.string(), fc.boolean(), async (by, one, other, alike) => {
        const candidates = by.map((model, index) => candidate(index, model));
        const judges = [
          new ScriptedJudge("a/1", bySize),
          new ScriptedJudge("b/1", bySize),
          new ScriptedJudge("c/1", byTaste(one)),
          new ScriptedJudge("d/1", byTaste(alike ? one : other)),
        ];
        expect(idsOf(await rank(candidates, judges))[0]).toBe("c0");
      }),
      { numRuns: 60 },
    );
  });

  test("goes into the journal whole, with the ballots that do not count", async () => {
    const judges = [
      new ScriptedJudge("a/1", bySize),
      new ScriptedJudge("b/1", byWorst),
      new ScriptedJudge("c/1", firstLetter),
    ];
    const candidates = [candidate(0, "a/2"), ...four.slice(1)];
    for (const ambiguous of [false, true]) {
      const event = councilRanked(await rank(candidates, judges, { ambiguous }));
      expect(runEventBodySchema.parse(event)).toEqual(event);
      expect(event.method).toBe(ambiguous ? "none" : "minimality");
      expect(event.ballots.map(({ judge, leftOut }) => [judge, leftOut])).toEqual([
        ["a/1", ["c0"]],
        ["b/1", []],
        ["c/1", []],
      ]);
      expect(event.ballots[0]?.order?.toSorted()).toEqual(["c1", "c2", "c3"]);
      expect(event.ballots[2]?.abstained).toMatch(/order-dependent/);
      expect(event.ballots[2]?.reversed).toEqual(event.ballots[2]?.order?.toReversed());
    }
  });
});
