import type { Coverage } from "#ports";

/**
 * Suspiciousness of every line that a failing test executed, 0 to 1: failed(line) / sqrt(failed × executed(line)).
 * Abreu, Zoeteweij, van Gemund: "On the Accuracy of Spectrum-based Fault Localization" (2007).
 */
export function ochiai(
  coverage: Coverage,
  failing: ReadonlySet<string>,
  passing: ReadonlySet<string>,
  files: ReadonlySet<string>,
): Map<string, Map<number, number>> {
  const counts = new Map<string, Map<number, { failed: number; passed: number }>>();
  let failedTotal = 0;
  for (const [test, byFile] of Object.entries(coverage)) {
    const failed = failing.has(test);
    if (!failed && !passing.has(test)) continue;
    if (failed) failedTotal += 1;
    for (const [file, lines] of Object.entries(byFile)) {
      if (!files.has(file)) continue;
      const ofFile = counts.get(file) ?? new Map<number, { failed: number; passed: number }>();
      counts.set(file, ofFile);
      for (const line of lines) {
        const count = ofFile.get(line) ?? { failed: 0, passed: 0 };
        ofFile.set(line, count);
        if (failed) count.failed += 1;
        else count.passed += 1;
      }
    }
  }
  const scores = new Map<string, Map<number, number>>();
  for (const [file, lines] of counts) {
    for (const [line, { failed, passed }] of lines) {
      if (failed === 0) continue;
      const ofFile = scores.get(file) ?? new Map<number, number>();
      scores.set(file, ofFile);
      ofFile.set(line, failed / Math.sqrt(failedTotal * (failed + passed)));
    }
  }
  return scores;
}
