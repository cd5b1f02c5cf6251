import { z } from "zod";
import { digestSchema } from "./digest.ts";

/** What can be other than expected. */
export const violationKindSchema = z.enum([
  /** A test that had to pass failed, or one that had to fail passed. */
  "test-result",
  /** What had to compile or be collected did not. */
  "build",
  /** Files or a run that were expected free are held, or changed, by somebody else. */
  "lock",
  /** A worker or a tool cannot do what it was chosen for. */
  "capability",
  /** Time, memory, processes or disk ran out. */
  "resource",
  /** The same thing came out differently. */
  "flake",
]);
export type ViolationKind = z.infer<typeof violationKindSchema>;

/** Expected and observed do not agree. */
export const violationSchema = z.object({
  /** Unique in its run. */
  id: z.string().min(1).max(200),
  kind: violationKindSchema,
  /** Of the step that expected it. */
  step: z.string(),
  /** One sentence each. */
  expected: z.string(),
  observed: z.string(),
  /** Tests or files concerned, at most 100. */
  subjects: z.array(z.string()).max(100),
  evidence: z.array(digestSchema),
});
export type Violation = z.infer<typeof violationSchema>;

/** How a violation is looked into. */
export const explorationKindSchema = z.enum(["rerun", "verbose-rerun", "bisect", "environment-diff"]);
export type ExplorationKind = z.infer<typeof explorationKindSchema>;

export const explorationSchema = z.object({
  violation: z.string(),
  kind: explorationKindSchema,
  /** What it says about the violation. */
  conclusion: z.enum(["confirmed", "flaky", "narrowed", "explained", "nothing-new"]),
  /** One or two sentences for a person. */
  finding: z.string(),
  subjects: z.array(z.string()).max(100),
  evidence: z.array(digestSchema),
});
export type Exploration = z.infer<typeof explorationSchema>;

export const violationFoundSchema = violationSchema.extend({ type: z.literal("violation-found") });
export const violationExploredSchema = explorationSchema.extend({ type: z.literal("violation-explored") });
