import { z } from "zod";
import { digestSchema } from "./digest.ts";
import { guardrailFindingSchema, guardrailPolicySchema } from "./guardrail.ts";
import { verdictLevelSchema } from "./isolation.ts";

/** What a change under judgement claims to be. */
export const changeKindSchema = z.enum(["fix", "feature", "refactor"]);
export type ChangeKind = z.infer<typeof changeKindSchema>;

/** What a change does to what decides its verdict. `new-test` alone is allowed to everyone. */
export const testChangeKindSchema = z.enum([
  "new-test",
  "edited-test",
  "deleted-test",
  "new-skip",
  "weakened-assertion",
  /** Code, fixtures or data that existing tests use. */
  "support",
  "configuration",
  "dependencies",
  "pipeline",
  "snapshot",
  /** The tests are run by something else. */
  "runner",
]);
export type TestChangeKind = z.infer<typeof testChangeKindSchema>;

export const testChangeSchema = z.object({
  kind: testChangeKindSchema,
  /** Project-relative POSIX path. */
  file: z.string(),
  /** 1-based; in the base for what was deleted, else in the head. */
  line: z.int().min(1),
  /** The test's name in its file, as the end of its id has it; absent: the file as a whole. */
  test: z.string().optional(),
  /** One sentence. */
  what: z.string().max(300),
});
export type TestChange = z.infer<typeof testChangeSchema>;

/** One hunk of a change's source, and whether something turns red without it. */
export const changeHunkSchema = z.object({
  file: z.string(),
  /** 1-based, in the head. */
  line: z.int().min(1),
  /** Lines added and removed. */
  lines: z.int().min(0),
  /** Digest of the whole change without this hunk, where that was run. */
  without: digestSchema.optional(),
  /** `excused`: it changes nothing that is executed. `untried`: beyond the bound, or its reverse does not apply. */
  standing: z.enum(["tried", "excused", "untried"]),
  why: z.string().optional(),
});
export type ChangeHunk = z.infer<typeof changeHunkSchema>;

const placeSchema = z.object({ file: z.string(), line: z.int().min(1) });

/** What became of small faults put into the changed lines: how much the tests would have noticed. */
export const oracleStrengthSchema = z.object({
  /** Mutants that the operators can make of the changed lines. */
  possible: z.int().min(0),
  /** Of these, a sample that is the same every time. */
  tried: z.int().min(0),
  killed: z.int().min(0),
  survived: z.int().min(0),
  timedOut: z.int().min(0),
  /** Neither killed nor survived: the mutant could not be run. */
  errored: z.int().min(0),
  /** Changed lines of which a small fault was noticed: tests execute them. */
  noticedAt: z.array(placeSchema).max(1000).optional(),
  survivors: z
    .array(
      z.object({
        file: z.string(),
        line: z.int().min(1),
        operator: z.string(),
        before: z.string().max(200),
        after: z.string().max(200),
      }),
    )
    .max(100),
});
export type OracleStrength = z.infer<typeof oracleStrengthSchema>;

/**
 * A tree that is neither base nor head, made to ask the tests of one side about the code of the other. What its runs have for a
 * patch is the digest of the tree.
 */
const mixedTreeSchema = z.object({ patch: digestSchema, oracle: digestSchema });

/** What a change must show to be accepted, and what was found out about it without running its tests. */
export const changeExpectationSchema = z.object({
  kind: z.literal("change-shown"),
  change: changeKindSchema,
  /** Why it is taken for that; absent where it was said. */
  inferred: z.string().optional(),
  base: digestSchema,
  /** The whole change. */
  patch: digestSchema,
  /** Digest over the head's oracle files. */
  oracle: digestSchema,
  /** Digest over the base's oracle files. */
  baseOracle: digestSchema,
  /** The base's code with the head's tests; absent where the change touches no test. */
  newTests: mixedTreeSchema.optional(),
  /** The head's code with the base's tests; absent where the change touches no test. */
  oldTests: mixedTreeSchema.optional(),
  /** Ids that must turn green; empty: at least one. */
  named: z.array(z.string()),
  testChanges: z.array(testChangeSchema).max(1000),
  allowTestChanges: z.boolean(),
  hunks: z.array(changeHunkSchema).max(5000),
  unprovenHunksMax: z.int().min(0),
  guardrails: z.object({ policy: guardrailPolicySchema, findings: z.array(guardrailFindingSchema).max(1000) }),
  /** Changed lines that no test executes; absent where that is not known. */
  uncovered: z.array(placeSchema).max(1000).optional(),
  /** Tests and files that need something this environment has not. */
  unreachable: z.array(z.string()),
  /** Tests that changed colour when both sides were run in turns. */
  unsteady: z.array(z.string()),
  size: z.object({ files: z.int(), added: z.int(), removed: z.int(), binary: z.int() }),
  strength: oracleStrengthSchema.optional(),
  /** How many executions were made for this judgement: all of them are shown to the judge, or it does not accept. */
  observationsMade: z.int().min(1),
  minLevel: verdictLevelSchema,
});
export type ChangeExpectation = z.infer<typeof changeExpectationSchema>;
