import { z } from "zod";

export const runnerNameSchema = z.enum([
  "pytest",
  "node-test",
  "vitest",
  "jest",
  "go-test",
  "cargo",
  "maven",
  "gradle",
]);
export type RunnerName = z.infer<typeof runnerNameSchema>;

/** Project-relative POSIX path. */
const projectPath = z.string();

export const stackFrameSchema = z.object({
  file: projectPath,
  line: z.int().min(1),
  function: z.string().optional(),
});
export type StackFrame = z.infer<typeof stackFrameSchema>;

/** Why a test did not pass, as its runner's own event stream told it. Strings are capped at 4,096 characters. */
export const failureSchema = z.object({
  /** The exception's class name, e.g. `AssertionError`. */
  type: z.string(),
  message: z.string(),
  file: projectPath.optional(),
  line: z.int().min(1).optional(),
  /** Of a collection error: the test file that could not be collected, where that is not where it went wrong. */
  testFile: projectPath.optional(),
  expected: z.string().optional(),
  actual: z.string().optional(),
  /** Innermost first, frames in the project only, at most 50. */
  frames: z.array(stackFrameSchema).max(50),
});
export type Failure = z.infer<typeof failureSchema>;

/**
 * `errored`: set-up or tear-down failed; `timed-out`: the test's own limit;
 * `not-run`: collected, but the run ended before its outcome was seen.
 */
export const testOutcomeSchema = z.enum(["passed", "failed", "errored", "skipped", "timed-out", "not-run"]);
export type TestOutcome = z.infer<typeof testOutcomeSchema>;

export const testResultSchema = z.object({
  /** The runner's own stable id, project-relative, e.g. `tests/test_cart.py::test_total` or `test/cart.test.ts > cart > total`. */
  id: z.string(),
  file: projectPath,
  outcome: testOutcomeSchema,
  failure: failureSchema.optional(),
  durationMs: z.number().min(0),
});
export type TestResult = z.infer<typeof testResultSchema>;

/** One run of a runner: what it collected and what it executed, recorded apart. */
export const testReportSchema = z.object({
  runner: runnerNameSchema,
  runnerVersion: z.string().optional(),
  /** Ids of all selected tests, sorted, unique. */
  collected: z.array(z.string()),
  /** One per collected id, sorted by id. */
  results: z.array(testResultSchema),
  /** Files or set-ups that could not be collected. */
  collectionErrors: z.array(failureSchema),
  /** The runner's closing event was seen exactly once. */
  complete: z.boolean(),
});
export type TestReport = z.infer<typeof testReportSchema>;

export const errorCategorySchema = z.enum([
  "syntax",
  "missing-module",
  "missing-name",
  "name",
  "type",
  "attribute",
  "lookup",
  "assertion",
  "timeout",
  "crash",
  "memory",
  "collection",
  "other",
]);
export type ErrorCategory = z.infer<typeof errorCategorySchema>;

/** A failure put into a category, with what speaks for and against healing it. */
export const classifiedFailureSchema = z.object({
  category: errorCategorySchema,
  /** Failing with the same category, type and place; sorted. Empty for a collection error outside any test. */
  tests: z.array(z.string()),
  failure: failureSchema,
  /** A missing dependency or tool of the environment: never held against the code. */
  environment: z.boolean(),
  fixability: z.object({ score: z.number().min(0).max(1), reasons: z.array(z.string()) }),
  /** The edit method that fits: unique and local → update; one place, few lines → diff; else rewrite. */
  suggestedMethod: z.enum(["update", "diff", "rewrite"]),
});
export type ClassifiedFailure = z.infer<typeof classifiedFailureSchema>;
