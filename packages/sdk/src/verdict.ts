import { z } from "zod";
import { digestSchema } from "./digest.ts";
import { verdictLevelSchema } from "./isolation.ts";

export const reasonCodeSchema = z.enum([
  // accepted
  "all-expected-passed",
  // rejected
  "test-failed",
  "test-regressed",
  "set-shrank",
  "new-skip",
  "oracle-touched",
  "out-of-scope",
  // inconclusive
  "no-tests",
  "too-little-evidence",
  "oracle-changed",
  "incomplete-report",
  "limit-hit",
  "sandbox-fault",
  "environment-fault",
  "flaky",
  "level-too-low",
  "control-passed",
  "unproven-hunk",
  "tests-changed",
  "guardrail",
  "nothing-shown",
]);
export type ReasonCode = z.infer<typeof reasonCodeSchema>;

export const reasonSchema = z.object({
  code: reasonCodeSchema,
  detail: z.string(),
  /** The tests or files concerned, at most 100. */
  subjects: z.array(z.string()).max(100),
});
export type Reason = z.infer<typeof reasonSchema>;

export const verdictSchema = z.object({
  kind: z.enum(["accepted", "rejected", "inconclusive"]),
  reasons: z.array(reasonSchema).min(1),
  /** The observations it rests on. */
  evidence: z.array(digestSchema),
  level: verdictLevelSchema,
});
export type Verdict = z.infer<typeof verdictSchema>;
