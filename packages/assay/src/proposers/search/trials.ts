import { hash } from "node:crypto";
import { applyReplacement, conditionalEdits, isWellFormed, languageOf, type Replacement } from "#syntax";
import type { FactsOf } from "./facts.ts";
import type { RankedEdit } from "./ranked-edit.ts";
import type { SourceTrees } from "./source-trees.ts";

/** An edit that is worth a try, with the file it results in. */
export type Trial = RankedEdit & { rank: number; source: string; result: string };

/** A trial that turned the targets green and broke others, and how many of the edits made from it were given out. */
export type Opened = { rank: number; tried: number };

export type TrialsOptions = {
  ranked: readonly RankedEdit[];
  sources: SourceTrees;
  factsOf: FactsOf;
  /** Rank to go on from: what is before it is only remembered, so that going on after a stop repeats nothing. */
  from: number;
  opened?: readonly Opened[];
  /** Only these ranks. */
  only?: ReadonlySet<number>;
};

export const openedMax = 60;

/** Ranks of what is made from a trial lie beyond all others. */
const rankStride = 1_000_000;

/** What a batch takes its trials from. */
export type TrialSource = Iterator<Trial, undefined> & {
  /** Rank of the next of the ranked edits. */
  readonly position: number;
  /** Goes on from a trial that turned all targets green and broke other tests: it may be right under a condition. */
  nearlyRight(trial: Trial): void;
  /** What is still open; `unfinished` are ranks that were given out and have no outcome. */
  opened(unfinished: Iterable<number>): Opened[];
};

/** Whether it was made from another trial, whose place in the ranking its own rank is not. */
export function isMade({ rank }: Trial): boolean {
  return rank >= rankStride;
}

type Branch = { rank: number; tried: number; edits: Generator<Trial> };

/**
 * Goes through ranked edits once and leaves out those that result in a file already seen, or in no valid one. What is made from a trial
 * that was nearly right is given out in turns with the rest.
 */
export class Trials implements TrialSource {
  readonly #options: TrialsOptions;
  readonly #seen = new Set<string>();
  readonly #main: Generator<Trial>;
  readonly #branches: Branch[] = [];
  /** Also those that are through: none is opened twice. */
  readonly #known = new Set<number>();
  #position: number;
  #turn = 0;

  constructor(options: TrialsOptions) {
    this.#options = options;
    this.#position = options.from;
    for (const [file, source] of options.sources.texts) this.#seen.add(fingerprint(file, source));
    this.#main = this.#mainTrials();
    for (const { rank, tried } of options.opened ?? []) {
      const trial = this.#trialAt(rank);
      if (trial !== undefined) this.#branch(trial, tried);
    }
  }

  get position(): number {
    return this.#position;
  }

  next(): IteratorResult<Trial, undefined> {
    this.#turn += 1;
    const next = this.#turn % 2 === 0 ? this.#nextMade() : this.#nextRanked();
    return next ?? this.#nextRanked() ?? this.#nextMade() ?? done;
  }

  nearlyRight(trial: Trial): void {
    if (!isMade(trial) && !this.#known.has(trial.rank) && this.#known.size < openedMax) this.#branch(trial, 0);
  }

  opened(unfinished: Iterable<number>): Opened[] {
    const lowest = new Map<number, number>();
    for (const rank of unfinished) {
      const from = Math.floor(rank / rankStride) - 1;
      if (from >= 0) lowest.set(from, Math.min(lowest.get(from) ?? Number.POSITIVE_INFINITY, rank % rankStride));
    }
    return this.#branches.map(({ rank, tried }) => ({ rank, tried: Math.min(tried, lowest.get(rank) ?? tried) }));
  }

  #branch(trial: Trial, tried: number): void {
    this.#known.add(trial.rank);
    const made = this.#made(trial);
    const branch: Branch = { rank: trial.rank, tried: 0, edits: made };
    for (; branch.tried < tried && !made.next().done; branch.tried += 1);
    this.#branches.push(branch);
  }

  #nextRanked(): IteratorYieldResult<Trial> | undefined {
    const next = this.#main.next();
    return next.done ? undefined : next;
  }

  /** The open ones take turns. */
  #nextMade(): IteratorYieldResult<Trial> | undefined {
    for (let branch = this.#branches.shift(); branch !== undefined; branch = this.#branches.shift()) {
      const next = branch.edits.next();
      if (next.done) continue;
      branch.tried += 1;
      this.#branches.push(branch);
      return next;
    }
    return undefined;
  }

  *#mainTrials(): Generator<Trial> {
    const { ranked, from, only } = this.#options;
    for (const [rank, { edit, score }] of ranked.entries()) {
      const result = this.#unseen(edit);
      if (result === undefined || rank < from || (only !== undefined && !only.has(rank))) continue;
      this.#position = rank + 1;
      const trial = this.#trial(edit, score, rank, result);
      if (trial !== undefined) yield trial;
    }
    this.#position = ranked.length;
  }

  *#made(from: Trial): Generator<Trial> {
    const tree = this.#options.sources.tree(from.edit.file);
    if (tree === undefined) return;
    let number = 0;
    for (const edit of conditionalEdits(tree, from.edit, this.#options.factsOf(from.edit.file))) {
      const result = this.#unseen(edit);
      const score = (from.score / from.edit.prior) * edit.prior;
      const rank = (from.rank + 1) * rankStride + number;
      const trial = result === undefined ? undefined : this.#trial(edit, score, rank, result);
      if (trial === undefined) continue;
      number += 1;
      yield trial;
    }
  }

  #trialAt(rank: number): Trial | undefined {
    const one = this.#options.ranked[rank];
    const source = one && this.#options.sources.texts.get(one.edit.file);
    return one && source !== undefined
      ? this.#trial(one.edit, one.score, rank, applyReplacement(source, one.edit))
      : undefined;
  }

  /** The file that the edit results in, if no other did. */
  #unseen(edit: Replacement): string | undefined {
    const { sources } = this.#options;
    const source = sources.texts.get(edit.file);
    if (source === undefined) return undefined;
    const result = applyReplacement(source, edit);
    const piece = sources.pieceAround(edit.file, edit);
    // In a long file only the statement around the edit is compared: it alone can differ.
    const before = piece && fingerprint(edit.file, source.slice(piece.start, piece.end), piece.start);
    const key = piece
      ? fingerprint(edit.file, result.slice(piece.start, piece.end + result.length - source.length), piece.start)
      : fingerprint(edit.file, result);
    if (key === before || this.#seen.has(key)) return undefined;
    this.#seen.add(key);
    return result;
  }

  #trial(edit: Replacement, score: number, rank: number, result: string): Trial | undefined {
    const language = languageOf(edit.file);
    const source = this.#options.sources.texts.get(edit.file);
    if (language === undefined || source === undefined) return undefined;
    const piece = this.#options.sources.pieceAround(edit.file, edit);
    const changed = piece ? result.slice(piece.start, piece.end + result.length - source.length) : result;
    return isWellFormed(language, changed) ? { edit, score, rank, source, result } : undefined;
  }
}

const done: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Equal for texts at the same place that differ in trailing white space and blank lines alone. */
function fingerprint(file: string, text: string, at = -1): string {
  return hash("sha1", `${file}\0${at}\0${text.replace(/[ \t\r]+$/gm, "").replace(/\n{2,}/g, "\n")}`);
}
