import { z } from "zod";
import { digestSchema } from "./digest.ts";
import { verdictLevelSchema } from "./isolation.ts";

/** Why a test of the pristine oracle need not pass. */
export const excuseSchema = z.enum(["skipped-before", "flaky-before", "failing-before", "environment"]);
export type Excuse = z.infer<typeof excuseSchema>;

/** What a change is expected to show; written before the oracle runs. */
export const expectationSchema = z.object({
  kind: z.literal("tests-pass"),
  base: digestSchema,
  patch: digestSchema,
  /** Digest over the pristine oracle's files. */
  oracle: digestSchema,
  /** Ids collected from the pristine oracle, sorted. */
  collected: z.array(z.string()),
  /** Everything collected and not excused must pass. */
  excused: z.record(z.string(), excuseSchema),
  /** Files whose collection failed for want of something in the environment. */
  excusedFiles: z.array(z.string()),
  /** Red before, to be green after; never excused. */
  targets: z.array(z.string()),
  /** Files that could not be collected before and must be after. */
  targetFiles: z.array(z.string()),
  /** Oracle files that the change touches. */
  oracleTouched: z.array(z.string()),
  /** Oracle files that the base's own runs write too. */
  rewrittenBefore: z.array(z.string()).optional(),
  /** Targets that were green on the base or red with the change when both were run in turns. */
  unsteady: z.array(z.string()).optional(),
  /** How many executions were made for this judgement: all of them are shown to the judge, or it does not accept. */
  observationsMade: z.int().min(1),
  minLevel: verdictLevelSchema,
});
export type Expectation = z.infer<typeof expectationSchema>;
