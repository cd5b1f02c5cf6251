import { priors, type Replacement } from "#syntax";
import type { RankedEdit } from "./ranked-edit.ts";

/** Edits of which all pairs are made. */
const pairedMax = 48;
/** Less likely operators are too many to be tried in twos. */
const priorMin = 0.6;
/** Edits of one place that take part: pairs of different places are wanted. */
const perPlaceMax = 4;

/** The same change in two places of one statement, such as both sides of a comparison. */
const twinsMax = 1_500;
/** They are less likely than two of the best. */
const twinShare = 0.7;

/** Two edits of one file at once, for bugs of two places: two likely ones, or the same one twice in a statement. */
export function* pairsOf(ranked: readonly RankedEdit[], sources: ReadonlyMap<string, string>): Generator<RankedEdit> {
  yield* likelyPairs(ranked, sources);
  yield* twins(ranked, sources);
}

function* twins(ranked: readonly RankedEdit[], sources: ReadonlyMap<string, string>): Generator<RankedEdit> {
  const alike = new Map<string, RankedEdit[]>();
  let count = 0;
  for (const one of ranked) {
    const { edit } = one;
    const source = sources.get(edit.file);
    if (source === undefined || edit.insertion || edit.deletion) continue;
    // Of `set(a)` for `a` and `set(b)` for `b` what was put around them is the same.
    const old = source.slice(edit.start, edit.end);
    const change = edit.replacement.includes(old) ? edit.replacement.replace(old, "\0") : edit.replacement;
    const key = `${edit.file}\0${edit.statementLine}\0${edit.operator}\0${change}`;
    const known = alike.get(key) ?? [];
    for (const other of known) {
      const [first, second] = edit.start <= other.edit.start ? [edit, other.edit] : [other.edit, edit];
      if (first.end > second.start || count >= twinsMax) continue;
      count += 1;
      const score = Math.min(one.score, other.score) * twinShare;
      yield { edit: joined(first, second, source), score };
    }
    alike.set(key, [...known, one]);
  }
}

function* likelyPairs(ranked: readonly RankedEdit[], sources: ReadonlyMap<string, string>): Generator<RankedEdit> {
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
