import type { TestResult } from "@assay/sdk";
import type { Mutant } from "#oracle";
import type { Coverage } from "#ports";

/**
 * The tests that a mutant is tried on, fastest first: those that execute its line or the statement's it is in. What runs when its file is
 * loaded is every test's that touches the file. Without coverage: all.
 */
export function coveringTests(
  passed: readonly TestResult[],
  coverage: Coverage | undefined,
): (mutant: Mutant) => readonly string[] {
  const ids = passed.toSorted((a, b) => a.durationMs - b.durationMs).map(({ id }) => id);
  if (coverage === undefined) return () => ids;
  const known = new Map<string, readonly string[]>();
  return ({ file, line, edit: { statementLine, atLoad } }) => {
    const key = `${line} ${statementLine} ${atLoad} ${file}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const covering = ids.filter((id) => {
      const lines = coverage[id]?.[file];
      if (lines === undefined) return false;
      return atLoad || lines.includes(line) || lines.includes(statementLine);
    });
    known.set(key, covering);
    return covering;
  };
}
