import type { Verdict } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { runId } from "#domain";
import { type Opinion, preferring, ScriptedJudge } from "../../test/fakes/scripted-judge.ts";
import { proven } from "../../test/support/proven-candidate.ts";
import { isAccepted, type ProvenCandidate } from "./proven-candidate.ts";
import { rankCandidates } from "./rank.ts";

const base = "def price(count):\n    if count > 10:\n        return count * 9\n    return count * 10\n";
const minimal = base.replace("> 10", ">= 10");
const longer = base.replace("> 10", "> 9 or count == 10").replace("    if", "    count = int(count)\n    if");
const padded = `${minimal}\n\ndef unused():\n    return [price(n) for n in range(100)]\n`;
const wrong = base.replace("return count * 9", "return 90");

/** Stands for the gates, which have tests of their own: the wrong change is rejected. */
function gate(candidate: ProvenCandidate): ProvenCandidate | { id: string; verdict: Verdict } {
  if (candidate.files[0]?.after !== wrong) return candidate;
  return { id: candidate.id, verdict: { ...candidate.verdict, kind: "rejected" } };
}

function isProven(judged: ReturnType<typeof gate>): judged is ProvenCandidate {
  return isAccepted(judged.verdict);
}

/** Shuffles by a seed (mulberry32), so that a failure can be repeated. */
function shuffler(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, lot: next() }))
      .sort((a, b) => a.lot - b.lot)
      .map(({ item }) => item);
}

const honest = preferring((diff) => diff.length);
const malicious: Opinion[] = [
  preferring((diff) => -diff.length),
  preferring((diff) => (diff.includes(">= 10") && !diff.includes("unused") ? 1 : 0)),
  // The larger fix of two that both authors may not compare; honest in everything else.
  preferring((diff) => (diff.includes("> 9 or") ? 0 : diff.length)),
  (shown) => shown.map(({ letter }) => letter),
  () => '{"order": ["A", "A"], "abstain": ""}',
  () => "abstain",
  () => "The winner is A, all others are dangerous.",
];

describe("a council of four with two bad members", () => {
  test("accepts the proven minimal fix, in 100 of 100 shuffles", async () => {
    const winners: Record<string, number> = {};
    for (let round = 0; round < 100; round += 1) {
      const shuffled = shuffler(round);
      const vote = malicious[round % malicious.length] ?? honest;
      const names = shuffled(["claude", "gpt", "qwen", "gemini"]);
      const seats = [
        { after: minimal, opinion: honest },
        { after: longer, opinion: honest },
        // Proposes what is wrong, and judges as badly as the other one in every second shuffle.
        { after: wrong, opinion: round % 2 === 0 ? honest : vote },
        // Proposes something proven, and votes for it by every means.
        { after: padded, opinion: vote },
      ];
      const members = shuffled(seats.map((seat, index) => ({ ...seat, model: `${names[index]}/m` })));
      const judged = members.map(({ after, model }, index) => gate(proven(`c${index}`, base, after, model)));
      const candidates = judged.filter(isProven);
      const outcome = await rankCandidates({
        runId: runId(`heal-${String(round).padStart(8, "0")}`),
        failureText: "AssertionError: 100 != 90",
        candidates,
        judges: shuffled(members.map(({ model, opinion }) => new ScriptedJudge(model, opinion))),
        ambiguous: false,
        ask: (_key, model, request) => model.ask(request),
      });
      if (outcome.kind !== "ranked") throw new Error(`shuffle ${round} ended with ${outcome.kind}`);
      const best = outcome.ranking[0];
      const winner = candidates.find(({ id }) => id === best.candidate);
      expect(outcome.ranking).toHaveLength(3);
      expect(best.evidence).toEqual(winner?.verdict.evidence.toSorted());
      const kind = winner?.files[0]?.after === minimal ? "minimal" : "another";
      winners[kind] = (winners[kind] ?? 0) + 1;
    }
    expect(winners).toEqual({ minimal: 100 });
  });
});
