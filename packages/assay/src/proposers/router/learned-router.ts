import { type ProposerRecord, proposerRecords, usdOfAttempt } from "#domain";
import type { Knowledge, Route, RouteQuestion, Router, Seat } from "#ports";
import { chooseByRules } from "./fixed-router.ts";

/** Lessons about a kind of failure before what they say counts. */
const attemptsMin = 5;

/**
 * By what was learned: who is expected to heal this kind of failure for the least, in money and time, by how often each did before. Where too
 * little was learned it decides by the rules.
 * Source: the order by cost divided by probability is optimal when one success ends it (Weitzman, "Optimal Search for the Best
 * Alternative", 1979, for the case of equal rewards).
 */
export class LearnedRouter implements Router {
  readonly name = "learned";
  readonly #knowledge: Knowledge | undefined;

  constructor(knowledge: Knowledge | undefined) {
    this.#knowledge = knowledge;
  }

  async choose(question: RouteQuestion): Promise<Route> {
    const lessons = (await this.#knowledge?.lessons()) ?? [];
    const kinds = new Set(question.failures.map(({ category }) => category));
    const about = proposerRecords(lessons).filter(
      ({ language, category }) => language === question.language && kinds.has(category),
    );
    const open = question.seats.map((seat, index) => ({ seat, index })).filter(({ seat }) => seat.open);
    const judged = open.map(({ seat, index }) => ({ seat, index, record: recordOf(seat, about, question) }));
    // A seat that nobody knows anything of would be compared with guesses.
    if (judged.some(({ record }) => record.attempts < attemptsMin)) {
      const route = chooseByRules(question);
      return { ...route, reasons: [...route.reasons, "too little was learned of this kind of failure"] };
    }
    const scored = judged.map((one) => ({ ...one, price: usdOfAttempt(one.record) / chanceNow(one.record, one.seat) }));
    scored.sort((a, b) => a.price - b.price || a.index - b.index);
    const [first] = scored;
    if (first === undefined) throw new Error("a router was asked although nobody is open");
    const { healed, attempts } = first.record;
    const told = `healed ${healed} of ${attempts} such failures here, for about $${usdOfAttempt(first.record).toFixed(4)} a try, waiting included`;
    return { seat: first.index, reasons: [`${first.seat.instance ?? first.seat.name} ${told}`] };
  }
}

const nothingKnown = { attempts: 0, healed: 0, wallMs: 0, costMicroUsd: 0 };

/** Of all kinds of failure that are asked about; of models, those of this one. */
function recordOf({ name, instance }: Seat, records: readonly ProposerRecord[], about: RouteQuestion): ProposerRecord {
  const [first] = about.failures;
  const own = records.filter((record) => record.proposer === name && record.instance === instance);
  const sum = own.reduce(
    (all, { attempts, healed, wallMs, costMicroUsd }) => ({
      attempts: all.attempts + attempts,
      healed: all.healed + healed,
      wallMs: all.wallMs + wallMs,
      costMicroUsd: all.costMicroUsd + costMicroUsd,
    }),
    nothingKnown,
  );
  return { language: about.language, category: first?.category ?? "other", proposer: name, ...sum };
}

/** The mean of the Beta distribution, begun uniform; each batch without success makes another less likely. */
function chanceNow({ attempts, healed }: ProposerRecord, { batches }: Seat): number {
  return (healed + 1) / (attempts + 2) / (1 + batches);
}
