import { z } from "zod";
import { verdictLevelSchema } from "./isolation.ts";

/** How a check of a function ended; the last three speak neither for nor against the candidate. */
export const checkOutcomeSchema = z.enum([
  "passed",
  "failed",
  "invalid",
  "timed-out",
  "out-of-memory",
  "flood",
  "crashed",
  "no-calls",
  "unsupported",
  "fault",
]);
export type CheckOutcome = z.infer<typeof checkOutcomeSchema>;

/** What became of one candidate for one problem of a dataset. */
export const problemEvaluatedSchema = z.object({
  type: z.literal("problem-evaluated"),
  task: z.string(),
  /** Among the task's candidates, from 0. */
  sample: z.int().min(0),
  outcome: checkOutcomeSchema,
  errorType: z.string().optional(),
  message: z.string().optional(),
  level: verdictLevelSchema,
  /** Calls of the candidate that were answered. */
  calls: z.int().min(0),
  cpuMs: z.number(),
  wallMs: z.number(),
  /** The limit it was held to, and what the reference solution took; absent where the candidate is the reference. */
  cpuMsMax: z.number(),
  referenceCpuMs: z.number().optional(),
  /** Absent where the candidate is the reference. */
  reference: checkOutcomeSchema.optional(),
  /** Of the code as the dataset has it, before repair. */
  before: checkOutcomeSchema.optional(),
  /** By the tests that the proposer was shown. */
  visible: checkOutcomeSchema.optional(),
  /** How often a proposer was asked, and how many candidates it tried. */
  rounds: z.int().min(0),
  /** By the full tests, what each round's candidate came to; the last is `outcome`. */
  byRound: z.array(checkOutcomeSchema).optional(),
  /** Of models, prompts and answers together. */
  tokens: z.int().min(0).optional(),
  tried: z.int().min(0),
  proposeMs: z.number(),
  costMicroUsd: z.number(),
});
export type ProblemEvaluated = z.infer<typeof problemEvaluatedSchema>;
