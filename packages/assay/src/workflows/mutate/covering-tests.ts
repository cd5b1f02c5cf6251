import type { TestResult } from "@assay/sdk";
import type { Mutant } from "#oracle";
import type { Coverage } from "#ports";

/**
 * The tests that a mutant is tried on, fastest first: those that execute its line or the statement's it is in; of what runs when its file
 * is loaded, those that touch the file. `isLoadedApart`: whether loading a file is no test's, but comes before them; any may use what it made
 * then. Without coverage: all.
 */
export function coveringTests(
  passed: readonly TestResult[],
  coverage: Coverage | undefined,
  isLoadedApart: (file: string) => boolean,
): (mutant: Mutant) => readonly string[] {
  const ids = passed.toSorted((a, b) => a.durationMs - b.durationMs).map(({ id }) => id);
  if (coverage === undefined) return () => ids;
  const known = new Map<string, readonly string[]>();
  return ({ file, line, edit: { statementLine, atLoad } }) => {
    const key = `${line} ${statementLine} ${atLoad} ${file}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const touching = ids.filter((id) => coverage[id]?.[file] !== undefined);
    const others = isLoadedApart(file) ? ids.filter((id) => coverage[id]?.[file] === undefined) : [];
    const covering = atLoad
      ? [...touching, ...others]
      : touching.filter((id) => {
          const lines = coverage[id]?.[file] ?? [];
          return lines.includes(line) || lines.includes(statementLine);
        });
    known.set(key, covering);
    return covering;
  };
}
