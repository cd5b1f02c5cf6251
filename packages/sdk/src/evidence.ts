import { z } from "zod";
import { digestSchema } from "./digest.ts";
import { isolationSchema, verdictLevelSchema } from "./isolation.ts";
import { terminationSchema } from "./termination.ts";
import { testOutcomeSchema, testReportSchema } from "./test-report.ts";

/**
 * A test and its negative control: an altered copy that must fail, run beside it in the same process, both under names that
 * tell nothing.
 */
export const controlResultSchema = z.object({
  test: z.string(),
  /** What was altered, e.g. `expected value 4 → 5`, `assertion inverted`. */
  alteration: z.string(),
  outcome: testOutcomeSchema,
});
export type ControlResult = z.infer<typeof controlResultSchema>;

/** What was seen when an oracle ran once: stored as a blob, addressed by the digest of its canonical JSON. */
export const observationSchema = z.object({
  /** Which execution it was: two that saw the same are two, one that is shown twice is one. */
  execution: z.string().optional(),
  /** What was executed: the base's digest, and the patch's where there is one. */
  base: digestSchema,
  patch: digestSchema.optional(),
  /** Digest over the oracle's files (path and content), as mounted for this execution. */
  oracle: digestSchema,
  /** Oracle files that were there before and were written or removed meanwhile, whatever they held in the end; sorted. */
  rewritten: z.array(z.string()).optional(),
  /** Empty: everything the oracle has. */
  selection: z.array(z.string()),
  report: testReportSchema,
  termination: terminationSchema,
  /** Digests of the kept stdout and stderr. */
  stdout: digestSchema,
  stderr: digestSchema,
  isolation: isolationSchema,
  level: verdictLevelSchema,
  /** Of a `controlled` run; its report already speaks of the tests by their own ids. */
  controls: z.array(controlResultSchema).optional(),
  /** What the controls and their names were drawn with: the same seed makes the same ones again. */
  controlSeed: z.int().min(0).optional(),
  /** Tests, or files of them, that got several controls; the others got one. */
  controlTargets: z.array(z.string()).optional(),
  /** Why a run that was to have controls has none. */
  uncontrolled: z.string().max(1000).optional(),
  /** The worker that ran it and signed for it; absent: it ran here. */
  worker: z.string().max(200).optional(),
  durationMs: z.number().min(0),
});
export type Observation = z.infer<typeof observationSchema>;

/** What an observation was made for. */
export const evidencePurposeSchema = z.enum([
  "baseline",
  "baseline-repeat",
  "check",
  "recheck",
  "minimise",
  "rerun",
  // of a change under judgement
  "base",
  "head",
  /** The base's code with the head's tests. */
  "new-tests",
  /** The head's code with the base's tests. */
  "old-tests",
  "shuffled",
  "hunk-reverted",
  "mutant",
]);
export type EvidencePurpose = z.infer<typeof evidencePurposeSchema>;

/** A reference to an observation, with what a person wants to know at a glance. */
export const evidenceSchema = z.object({
  digest: digestSchema,
  purpose: evidencePurposeSchema,
  counts: z.object({
    collected: z.int(),
    passed: z.int(),
    failed: z.int(),
    skipped: z.int(),
    other: z.int(),
  }),
  /** Of a run with controls: how many ran, and how many failed as they must. */
  controls: z.object({ ran: z.int(), failed: z.int() }).optional(),
  /** Why a run that was to have controls has none. */
  uncontrolled: z.string().max(1000).optional(),
  durationMs: z.number(),
});
export type Evidence = z.infer<typeof evidenceSchema>;
