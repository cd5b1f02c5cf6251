import { digestOf } from "#ports";
import {
  applyReplacement,
  generateReplacements,
  isWellFormed,
  languageOf,
  type OperatorName,
  parseSource,
} from "#syntax";

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
  before: string;
  after: string;
  /** The whole file with the fault. */
  content: string;
};

const textMax = 200;
/** Of one file; beyond it the file is generated, or not a change that anybody reviews. */
const perFileMax = 5_000;

/**
 * Mutants of some lines, at most `max`: a sample that is the same every time and takes from every line in turn, so that no line's
 * many mutants crowd out those of others. `possible` is how many there are. Pure.
 */
export function mutantsOf(targets: readonly MutationTarget[], max: number): { possible: number; mutants: Mutant[] } {
  const byLine = new Map<string, Mutant[]>();
  let possible = 0;
  for (const target of targets) {
    for (const mutant of mutantsIn(target)) {
      possible += 1;
      const key = `${mutant.file}:${mutant.line}`;
      byLine.set(key, [...(byLine.get(key) ?? []), mutant]);
    }
  }
  const lines = [...byLine.values()].map((mutants) => mutants.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1)));
  const mutants: Mutant[] = [];
  for (let round = 0; mutants.length < max && lines.some((line) => line.length > round); round += 1) {
    for (const line of lines) {
      const mutant = line[round];
      if (mutant !== undefined && mutants.length < max) mutants.push(mutant);
    }
  }
  return { possible, mutants };
}

function* mutantsIn({ path, content, lines }: MutationTarget): Generator<Mutant> {
  const language = languageOf(path);
  if (language === undefined) return;
  const parsed = parseSource(language, content);
  if (parsed.kind === "refused") return;
  const seen = new Set<string>([content]);
  const wanted = generateReplacements(
    parsed.tree,
    path,
    ({ line, statementLine }) => lines.has(line) || lines.has(statementLine),
  );
  for (const edit of wanted) {
    if (!mutating.has(edit.operator) || !lines.has(edit.line)) continue;
    const mutated = applyReplacement(content, edit);
    if (seen.has(mutated) || !isWellFormed(language, mutated)) continue;
    seen.add(mutated);
    yield {
      file: path,
      line: edit.line,
      operator: edit.operator,
      before: content.slice(edit.start, edit.end).slice(0, textMax).toWellFormed(),
      after: edit.replacement.slice(0, textMax).toWellFormed(),
      content: mutated,
    };
    if (seen.size > perFileMax) return;
  }
}

function rank({ file, line, operator, before, after }: Mutant): string {
  return digestOf(JSON.stringify([file, line, operator, before, after]));
}
