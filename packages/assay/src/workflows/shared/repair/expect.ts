import type { ClassifiedFailure, Digest, Excuse, Expectation, VerdictLevel } from "@assay/sdk";
import { isRed, uncollectedFile } from "#domain";
import type { Baseline } from "./baseline.ts";

/** What a change has to heal: tests that are red, files that could not be collected. */
export type Targets = { tests: readonly string[]; files: readonly string[]; excusedFiles: readonly string[] };

/** What is to be healed and can be: selected, red for a reason in the code. */
export function chooseTargets(
  baseline: Baseline,
  failures: readonly ClassifiedFailure[],
  sourceFiles: readonly string[],
): Targets {
  const environmental = failures.filter(({ environment }) => environment);
  const unreachable = new Set(environmental.flatMap(({ tests }) => tests));
  const excusedFiles = new Set([
    ...environmental.filter(({ tests }) => tests.length === 0).map(({ failure }) => uncollectedFile(failure)),
    ...brokenTestFiles(failures, sourceFiles),
    ...baseline.flakyFiles,
  ]);
  const files = new Set(baseline.report.collectionErrors.map(uncollectedFile));
  return {
    tests: baseline.red.filter((id) => !unreachable.has(id)),
    files: [...files].filter((file) => !excusedFiles.has(file) && (baseline.selected?.has(file) ?? true)).sort(),
    excusedFiles: [
      ...excusedFiles,
      ...[...files].filter((file) => baseline.selected !== undefined && !baseline.selected.has(file)),
    ].sort(),
  };
}

/** Test files that do not parse themselves: no change of a source mends those. */
export function brokenTestFiles(failures: readonly ClassifiedFailure[], sourceFiles: readonly string[]): string[] {
  return failures.flatMap(({ category, tests, failure }) => {
    const file = uncollectedFile(failure);
    const isItsOwn = category === "syntax" && tests.length === 0 && failure.file === file;
    return isItsOwn && !sourceFiles.includes(file) ? [file] : [];
  });
}

/**
 * What a change that heals must show: the targets green, nothing green turned red, nothing gone, nothing newly skipped.
 * What was skipped, flaky or red for other reasons before is excused by name, so that a report can show it.
 */
export function expectHealed(
  baseline: Baseline,
  targets: Targets,
  change: { base: Digest; patch: Digest; oracleTouched: readonly string[] },
  policy: { observationsMade: number; minLevel: VerdictLevel },
): Expectation {
  return {
    kind: "tests-pass",
    base: change.base,
    patch: change.patch,
    oracle: baseline.oracle,
    collected: [...baseline.report.collected],
    excused: excuses(baseline, targets),
    excusedFiles: [...targets.excusedFiles],
    targets: [...targets.tests],
    targetFiles: [...targets.files],
    oracleTouched: [...change.oracleTouched],
    ...(baseline.rewritten.length === 0 ? {} : { rewrittenBefore: [...new Set(baseline.rewritten)].sort() }),
    observationsMade: policy.observationsMade,
    minLevel: policy.minLevel,
  };
}

function excuses(baseline: Baseline, targets: Targets): Record<string, Excuse> {
  const expected = new Set(targets.tests);
  const excused: Record<string, Excuse> = {};
  for (const { id, outcome } of baseline.report.results) {
    if (expected.has(id)) continue;
    // What was not run is not excused: nothing is known of it, and a change that lets it run must let it pass.
    if (outcome === "skipped") excused[id] = "skipped-before";
    else if (isRed(outcome)) excused[id] = "failing-before";
  }
  for (const id of baseline.flaky) excused[id] = "flaky-before";
  return excused;
}
