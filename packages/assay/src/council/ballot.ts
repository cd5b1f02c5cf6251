import type { Digest } from "@assay/sdk";
import { assertNever, type RunId } from "#domain";
import { digestOf, type LanguageModel, type ModelAnswer, type ModelRequest } from "#ports";
import type { DistinctChange } from "./distinct.ts";
import { kendallTau } from "./ordering.ts";
import { askedAgain, fits, type RankingPrompt, rankingPrompt } from "./ranking-prompt.ts";
import { type OrderAnswer, readOrder } from "./read-order.ts";

/**
 * How a model is asked: the caller records the answer under `key`, which is unique within a ranking and the same on every replay,
 * keeps the budget and tells of the call. It passes on what `LanguageModel.ask` returns, and throws only what should end the ranking.
 */
export type Ask = (key: string, model: LanguageModel, request: ModelRequest) => Promise<ModelAnswer>;

/** What became of one answer, in a few words. */
export type Reading = { key: string; outcome: string };

/** Changes by their digests. `reversed` is what the judge said when everything was shown in reverse. */
export type Ballot = {
  judge: string;
  /** Not shown to the judge: by itself or by one of its family. */
  leftOut: readonly Digest[];
  readings: readonly Reading[];
} & (
  | { kind: "cast"; order: readonly Digest[]; reversed: readonly Digest[] }
  | { kind: "abstained"; reason: string; order?: readonly Digest[]; reversed?: readonly Digest[] }
);

/** How alike the two orders of one judge must be to count, by Kendall's tau: of three changes the same, of four one pair turned. */
export const ownTauMin = 0.6;

export type BallotQuestion = { runId: RunId; failureText: string; changes: readonly DistinctChange[] };

/**
 * Asks a judge for its order of the changes that it may judge, twice: in an order drawn by run and judge, and in its reverse. What
 * depends on the order counts as an abstention, with both orders published. Never throws for what a model says.
 */
export async function castBallot(question: BallotQuestion, judge: LanguageModel, ask: Ask): Promise<Ballot> {
  const { id } = judge.description;
  const own = question.changes.filter((change) => isOwn(change, judge));
  const shown = drawn(
    question.changes.filter((change) => !own.includes(change)),
    `${question.runId}\0${id}`,
  );
  const readings: Reading[] = [];
  const base = { judge: id, leftOut: own.map(({ digest }) => digest), readings };
  if (shown.length < 2) {
    return { ...base, kind: "abstained", reason: "fewer than two changes are neither its own nor of its family" };
  }
  const first = await orderOf(question, shown, judge, ask, [1, 2], readings);
  if (first.kind === "abstained") return { ...base, ...first };
  const second = await orderOf(question, shown.toReversed(), judge, ask, [3, 4], readings);
  if (second.kind === "abstained") return { ...base, ...second, order: first.order };
  const orders = { order: first.order, reversed: second.order };
  const tau = kendallTau(
    first.order.map((digest) => shown.findIndex((change) => change.digest === digest)),
    second.order.map((digest) => shown.findIndex((change) => change.digest === digest)),
  );
  if (tau >= ownTauMin) return { ...base, kind: "cast", ...orders };
  const reason = `order-dependent: shown in reverse, it says something else (tau ${tau.toFixed(2)}, at least ${ownTauMin})`;
  return { ...base, kind: "abstained", reason, ...orders };
}

/** Whether the judge, or a model that was made like it, is among those who proposed the change. */
function isOwn({ candidates }: DistinctChange, { description }: LanguageModel): boolean {
  return candidates.some(
    ({ author }) =>
      author !== undefined &&
      (author.id === description.id || author.family.toLowerCase() === description.family.toLowerCase()),
  );
}

/** In an order by lot, which the seed and the changes alone decide. */
function drawn(changes: readonly DistinctChange[], seed: string): DistinctChange[] {
  return changes
    .map((change) => ({ change, lot: digestOf(`${seed}\0${change.digest}`) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .map(({ change }) => change);
}

type Ordered = { kind: "ordered"; order: Digest[] } | { kind: "abstained"; reason: string };

/** One order, with one more try where the answer cannot be used. */
async function orderOf(
  { runId, failureText }: BallotQuestion,
  shown: readonly DistinctChange[],
  judge: LanguageModel,
  ask: Ask,
  numbers: readonly [number, number],
  readings: Reading[],
): Promise<Ordered> {
  const { id } = judge.description;
  const diffs = shown.map(({ diff }) => diff);
  let prompt: RankingPrompt = rankingPrompt(judge, `${runId}\0${id}`, failureText, diffs);
  let problem = "";
  for (const number of numbers) {
    if (!fits(judge, prompt.request)) return { kind: "abstained", reason: "the changes do not fit into what it reads" };
    const key = `council.${id}.ask-${number}`;
    const answer = await ask(key, judge, prompt.request);
    const read = readAnswer(answer, prompt.letters);
    readings.push({ key, outcome: outcomeOf(read) });
    if (read.kind === "abstained") return read;
    if (read.kind === "order") {
      const byLetter = new Map(prompt.letters.map((letter, index) => [letter, shown[index]]));
      return { kind: "ordered", order: read.letters.flatMap((letter) => byLetter.get(letter)?.digest ?? []) };
    }
    problem = read.problem;
    prompt = askedAgain(prompt, answer.kind === "answered" ? answer.text : "", problem);
  }
  return { kind: "abstained", reason: `no usable answer: ${problem}` };
}

function readAnswer(answer: ModelAnswer, letters: readonly string[]): OrderAnswer {
  if (answer.kind === "failed") return { kind: "abstained", reason: `it could not be asked (${answer.fault.code})` };
  switch (answer.end) {
    case "refused":
      return { kind: "abstained", reason: "it refused to answer" };
    case "truncated":
      return { kind: "unusable", problem: "it was cut off at its token limit" };
    case "tool-call":
      return { kind: "unusable", problem: "it calls a tool, and there is none" };
    case "complete":
      return readOrder(answer.text, letters);
    default:
      return assertNever(answer.end);
  }
}

function outcomeOf(read: OrderAnswer): string {
  switch (read.kind) {
    case "order":
      return `order: ${read.letters.join(" ")}`;
    case "abstained":
      return `abstained: ${read.reason}`;
    case "unusable":
      return `unusable: ${read.problem}`;
    default:
      return assertNever(read);
  }
}
