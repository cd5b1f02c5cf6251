import { z } from "zod";
import { digestSchema } from "./digest.ts";
import { faultSchema } from "./fault.ts";
import { provenanceSchema } from "./patch.ts";
import { verdictSchema } from "./verdict.ts";

export const artifactKindSchema = z.enum(["patch", "receipt", "report", "bundle", "solution"]);
export type ArtifactKind = z.infer<typeof artifactKindSchema>;

/** A call of which changes that pass the same tests make different things: nothing says which of them is meant. */
export const ambiguitySchema = z.object({
  call: z.string(),
  /** What each change makes of it, that which was locked in first. */
  results: z.array(z.object({ candidate: z.string(), summary: z.string(), result: z.string() })).min(2),
});
export type Ambiguity = z.infer<typeof ambiguitySchema>;

export const runOutcomeSchema = z.enum([
  "accepted",
  /** Several changes are proven that do different things. */
  "ambiguous",
  "nothing-to-do",
  "not-found",
  "rejected",
  "inconclusive",
  /** An evaluation finished, whatever its score. */
  "evaluated",
  /** Every task of a plan is done. */
  "done",
  "paused",
  "cancelled",
  "failed",
]);
export type RunOutcome = z.infer<typeof runOutcomeSchema>;

/** The last event of a run and the last line of every `--json` stream. */
export const resultSchema = z.object({
  type: z.literal("result"),
  outcome: runOutcomeSchema,
  exitCode: z.int().min(0).max(255),
  /** One or two sentences for a person. */
  summary: z.string(),
  verdict: verdictSchema.optional(),
  fault: faultSchema.optional(),
  base: digestSchema.optional(),
  patch: z.object({ digest: digestSchema, path: z.string(), provenance: provenanceSchema }).optional(),
  receipt: z.string().optional(),
  report: z.string().optional(),
  bundle: z.string().optional(),
  applied: z.boolean().optional(),
  /** Of `solve`: the file with the solution, or with the best that was tried; `written`, `patch`: what the user asked for as files. */
  solution: z.object({ path: z.string(), written: z.string().optional(), patch: z.string().optional() }).optional(),
  /** Of `solve`: how many of the tests that the proposer saw, and of those it did not, pass with the solution. */
  visibleTests: z.object({ passed: z.int(), total: z.int() }).optional(),
  hiddenTests: z.object({ passed: z.int(), total: z.int() }).optional(),
  ambiguity: ambiguitySchema.optional(),
  healedTests: z.array(z.string()).optional(),
  stillFailingTests: z.array(z.string()).optional(),
  candidatesTried: z.int().optional(),
  durationMs: z.number().optional(),
  /** Of an evaluation: problems that count, and how many of them have a first sample that passed. */
  problems: z.int().optional(),
  passed: z.int().optional(),
  /** Wall clock of the evaluation itself, over all executions of the run. */
  seconds: z.number().optional(),
  verdictsPerSecond: z.number().optional(),
  /** By k, in [0, 1]; the half-width of its 95 % interval under the same k. */
  passAtK: z.record(z.string(), z.number()).optional(),
  passAtKHalfWidth: z.record(z.string(), z.number()).optional(),
  /** Of models: the share of candidates right after at most one, two, three… rounds; tokens and money taken. */
  passedAfter: z.array(z.number()).optional(),
  tokens: z.int().optional(),
  costMicroUsd: z.number().optional(),
  /** Of two evaluations, paired by task; `pValue` by McNemar's exact test, two-sided. */
  comparison: z
    .object({
      tasks: z.int(),
      passedA: z.int(),
      passedB: z.int(),
      onlyA: z.array(z.string()),
      onlyB: z.array(z.string()),
      unpaired: z.array(z.string()),
      pValue: z.number(),
    })
    .optional(),
});
export type Result = z.infer<typeof resultSchema>;
