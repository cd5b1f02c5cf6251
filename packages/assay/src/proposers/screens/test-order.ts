import type { TestReport } from "@assay/sdk";
import type { Coverage } from "#ports";

/** Guards tried per candidate; the whole suite is run by whoever validates. */
const guardsMax = 400;

/**
 * In which order tests judge a candidate: failing ones first, the last one that refused a candidate foremost, then the
 * green ones that execute the edited line.
 */
export class TestOrder {
  readonly #targets: string[];
  readonly #guards: string[];
  readonly #coverage: Coverage | undefined;
  readonly #nearby = new Map<string, ReadonlySet<string>>();

  constructor(
    targets: readonly string[],
    guards: readonly string[],
    coverage: Coverage | undefined,
    baseline: TestReport,
  ) {
    const durations = new Map(baseline.results.map((result) => [result.id, result.durationMs]));
    const fastFirst = (a: string, b: string): number => (durations.get(a) ?? 0) - (durations.get(b) ?? 0);
    this.#targets = [...targets].sort(fastFirst);
    this.#guards = [...guards].sort(fastFirst);
    this.#coverage = coverage;
  }

  /** For an edit of which no line is known. */
  forAny(): string[] {
    return [...this.#targets, ...this.#guards.slice(0, guardsMax)];
  }

  /** Those that must turn green. */
  get targets(): readonly string[] {
    return this.#targets;
  }

  /** For an edit of the syntax on `line`, in the statement that starts on `statementLine`. */
  for(file: string, line: number, statementLine: number): string[] {
    return [...this.#targets, ...this.guardsFor(file, line, statementLine)];
  }

  /** The same without the targets. */
  guardsFor(file: string, line: number, statementLine: number): string[] {
    const coverage = this.#coverage;
    const near = coverage && this.#near(coverage, file, line, statementLine);
    return (near ? this.#guards.filter((test) => near.has(test)) : this.#guards).slice(0, guardsMax);
  }

  #near(coverage: Coverage, file: string, line: number, statementLine: number): ReadonlySet<string> {
    const key = `${file}:${line}:${statementLine}`;
    const cached = this.#nearby.get(key);
    if (cached) return cached;
    const executing = this.#guards.filter((test) =>
      coverage[test]?.[file]?.some((covered) => covered === line || covered === statementLine),
    );
    // Lines that no green test is known to execute are judged by those that touch the file at all.
    const near = executing.length > 0 ? executing : this.#guards.filter((test) => coverage[test]?.[file] !== undefined);
    const found = new Set(near);
    this.#nearby.set(key, found);
    return found;
  }

  /** The test that refused a candidate is asked first about the next. */
  refusedBy(test: string | undefined): void {
    if (test === undefined) return;
    for (const list of [this.#targets, this.#guards]) {
      const index = list.indexOf(test);
      if (index > 0) list.unshift(...list.splice(index, 1));
    }
  }
}
