import { digestOf } from "#ports";
import {
  applyReplacement,
  generateReplacements,
  isWellFormed,
  languageOf,
  type OperatorName,
  parseSource,
  type Replacement,
} from "#syntax";
import { Equivalence } from "./equivalent.ts";

/** Kinds of small faults that people make: comparison, boolean, arithmetic, constant, negation, what is returned, what is done. */
const mutating: ReadonlySet<OperatorName> = new Set<OperatorName>([
  "cmp_adj",
  "cmp",
  "bool",
  "bool_drop",
  "negate",
  "arith",
  "unary",
  "const",
  "cond_const",
  "ret",
  "del_stmt",
]);

export type MutationTarget = {
  /** Project-relative POSIX path; its ending says the language. */
  path: string;
  content: string;
  /** Only these lines are changed, 1-based. */
  lines: ReadonlySet<number>;
};

export type Mutant = {
  file: string;
  line: number;
  operator: OperatorName;
  /** Shortened, as `after` is. */
  before: string;
  after: string;
  /** The whole file without the fault, and the edit of it that makes the fault. */
  source: string;
  edit: Pick<Replacement, "start" | "end" | "replacement" | "statementLine" | "atLoad">;
};

const textMax = 200;
/** Of one file; beyond it the file is generated, or not a change that anybody reviews. */
const perFileMax = 5_000;

/** A fault that could be made, small: whole files are made of the chosen ones only. */
type Fault = { target: MutationTarget; edit: Replacement; rank: string };

/**
 * Mutants of some lines, at most `max`: a sample that is the same every time and takes from every line in turn, so that no line's
 * many mutants crowd out those of others. `possible` is how many edits the operators offer there. Pure.
 */
export function mutantsOf(targets: readonly MutationTarget[], max: number): { possible: number; mutants: Mutant[] } {
  const byLine = new Map<string, Fault[]>();
  let possible = 0;
  for (const target of targets) {
    for (const edit of editsIn(target)) {
      possible += 1;
      const key = `${edit.line}:${target.path}`;
      const faults = byLine.get(key) ?? [];
      faults.push({ target, edit, rank: rankOf(target.path, edit) });
      byLine.set(key, faults);
    }
  }
  const lines = [...byLine.values()].map((faults) => faults.toSorted((a, b) => (a.rank < b.rank ? -1 : 1)));
  const rounds = Math.max(0, ...lines.map((faults) => faults.length));
  const made = new Set<string>();
  const mutants: Mutant[] = [];
  for (let round = 0; mutants.length < max && round < rounds; round += 1) {
    for (const faults of lines) {
      if (mutants.length >= max) break;
      const fault = faults[round];
      if (fault === undefined) continue;
      const { path, content } = fault.target;
      const mutated = applyReplacement(content, fault.edit);
      const key = digestOf(`${path}\0${mutated}`);
      const language = languageOf(path);
      if (made.has(key) || language === undefined || !isWellFormed(language, mutated)) continue;
      made.add(key);
      mutants.push(mutantOf(fault));
    }
  }
  return { possible, mutants };
}

function* editsIn({ path, content, lines }: MutationTarget): Generator<Replacement> {
  const language = languageOf(path);
  if (language === undefined) return;
  const parsed = parseSource(language, content);
  if (parsed.kind === "refused") return;
  const seen = new Set<string>();
  const equivalence = new Equivalence(parsed.tree);
  const wanted = generateReplacements(
    parsed.tree,
    path,
    ({ line, statementLine }) => lines.has(line) || lines.has(statementLine),
  );
  for (const edit of wanted) {
    const key = `${edit.start} ${edit.end} ${edit.replacement}`;
    const changes = content.slice(edit.start, edit.end) !== edit.replacement;
    if (!mutating.has(edit.operator) || !lines.has(edit.line) || !changes || seen.has(key)) continue;
    seen.add(key);
    if (equivalence.meansTheSame(edit)) continue;
    yield edit;
    if (seen.size > perFileMax) return;
  }
}

function mutantOf({ target: { path, content }, edit }: Fault): Mutant {
  const { start, end, replacement, line, statementLine, atLoad, operator } = edit;
  return {
    file: path,
    line,
    operator,
    before: content.slice(start, end).slice(0, textMax).toWellFormed(),
    after: replacement.slice(0, textMax).toWellFormed(),
    source: content,
    edit: { start, end, replacement, statementLine, atLoad },
  };
}

/** The whole file with the fault. */
export function mutatedSource({ source, edit }: Mutant): string {
  return applyReplacement(source, edit);
}

function rankOf(path: string, { line, operator, start, end, replacement }: Replacement): string {
  return digestOf(JSON.stringify([path, line, operator, start, end, replacement]));
}
