import type { Observation, VerdictLevel } from "@assay/sdk";

/** What a pass has to show of a run: the tests that were red before, or every file with tests that must pass. */
export type Subjects = { tests: readonly string[]; files: readonly string[] };

/**
 * How far the passes of one run can be trusted, from what is seen in it and not from what it says of itself. It is `controlled`
 * only if each subject passed and had a control that failed: skipped, broken or not run at all it would prove nothing.
 * One control that passed is enough to say that nothing in this run was really checked. A worker's run shows no more than
 * `in-process`, whatever it says.
 */
export function levelShown(observation: Observation, subjects: Subjects): VerdictLevel {
  // Nothing seen here shows more of it than that its tests shared a process with the code.
  if (observation.worker !== undefined) return "in-process";
  if (observation.level !== "controlled") return observation.level;
  if (passedControls(observation).length > 0) return "in-process";
  const some = subjects.tests.length + subjects.files.length > 0;
  return some && withoutControl(observation, subjects).length === 0 ? "controlled" : "in-process";
}

/** Subjects that did not pass, or have no control that failed. */
export function withoutControl({ report, controls = [] }: Observation, subjects: Subjects): string[] {
  const checked = new Set(controls.filter(({ outcome }) => outcome === "failed").map(({ test }) => test));
  const passed = report.results.filter(({ id, outcome }) => outcome === "passed" && checked.has(id));
  const ids = new Set(passed.map(({ id }) => id));
  const files = new Set(passed.map(({ file }) => file));
  return [...subjects.tests.filter((id) => !ids.has(id)), ...subjects.files.filter((file) => !files.has(file))];
}

/**
 * Tests that passed together with one of their controls: a report of theirs is worth nothing. (A test that fails may expect the
 * wrong value, and its control by chance the right one.) Sorted.
 */
export function passedControls({ report, controls = [] }: Pick<Observation, "report" | "controls">): string[] {
  const passed = new Set(report.results.filter(({ outcome }) => outcome === "passed").map(({ id }) => id));
  const both = controls.filter(({ test, outcome }) => outcome === "passed" && passed.has(test));
  return [...new Set(both.map(({ test }) => test))].sort();
}
