import { priors, type Replacement } from "#syntax";
import type { RankedEdit } from "./ranked-edit.ts";

/** Edits of which all pairs are made. */
const pairedMax = 48;
/** Less likely operators are too many to be tried in twos. */
const priorMin = 0.6;
/** Edits of one place that take part: pairs of different places are wanted. */
const perPlaceMax = 4;

/** Two likely edits of one file at once, for bugs of two lines. */
export function* pairsOf(ranked: readonly RankedEdit[], sources: ReadonlyMap<string, string>): Generator<RankedEdit> {
  const chosen: RankedEdit[] = [];
  const perPlace = new Map<string, number>();
  for (const one of ranked) {
    if (chosen.length >= pairedMax) break;
    const { edit } = one;
    if (edit.prior < priorMin || edit.insertion || edit.deletion) continue;
    const place = `${edit.file}:${edit.line}`;
    const count = perPlace.get(place) ?? 0;
    if (count >= perPlaceMax) continue;
    perPlace.set(place, count + 1);
    chosen.push(one);
  }
  for (const [index, a] of chosen.entries()) {
    for (const b of chosen.slice(index + 1)) {
      const source = sources.get(a.edit.file);
      if (source === undefined || b.edit.file !== a.edit.file) continue;
      const [first, second] = a.edit.start <= b.edit.start ? [a.edit, b.edit] : [b.edit, a.edit];
      if (first.end > second.start) continue;
      yield { edit: joined(first, second, source), score: Math.min(a.score, b.score) * priors.pair };
    }
  }
}

/** One edit that spans both; what is between them stays. */
function joined(first: Replacement, second: Replacement, source: string): Replacement {
  return {
    ...first,
    operator: "pair",
    end: second.end,
    replacement: first.replacement + source.slice(first.end, second.start) + second.replacement,
    // The tests that execute either line are asked.
    statementLine: second.line,
    prior: priors.pair,
    both: [first, second],
  };
}
