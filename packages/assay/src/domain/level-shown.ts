import type { Observation, VerdictLevel } from "@assay/sdk";

/** What a pass has to show of a run: the tests that were red before, or every file with tests that must pass. */
export type Subjects = { tests: readonly string[]; files: readonly string[] };

/**
 * How far the passes of one run can be trusted, from what is seen in it and not from what it says of itself. It is `controlled`
 * only if each subject passed and had a control that failed: skipped, broken or not run at all it would prove nothing.
 * One control that passed is enough to say that nothing in this run was really checked.
 */
export function levelShown(observation: Observation, subjects: Subjects): VerdictLevel {
  if (observation.level !== "controlled") return observation.level;
  const controls = observation.controls ?? [];
  if (controls.some(({ outcome }) => outcome === "passed")) return "in-process";
  const checked = new Set(controls.filter(({ outcome }) => outcome === "failed").map(({ test }) => test));
  const passed = observation.report.results.filter(({ id, outcome }) => outcome === "passed" && checked.has(id));
  const ids = new Set(passed.map(({ id }) => id));
  const files = new Set(passed.map(({ file }) => file));
  const some = subjects.tests.length + subjects.files.length > 0;
  const all = subjects.tests.every((id) => ids.has(id)) && subjects.files.every((file) => files.has(file));
  return some && all ? "controlled" : "in-process";
}

/** Tests with a control that passed: a report of theirs is worth nothing. Sorted. */
export function passedControls({ controls = [] }: Observation): string[] {
  return [...new Set(controls.filter(({ outcome }) => outcome === "passed").map(({ test }) => test))].sort();
}
