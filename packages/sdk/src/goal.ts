import { z } from "zod";
import { changeKindSchema } from "./change.ts";
import { digestSchema } from "./digest.ts";
import { guardrailPolicySchema } from "./guardrail.ts";
import { verdictLevelSchema } from "./isolation.ts";
import { planSchema } from "./task.ts";

export const datasetNameSchema = z.enum(["humaneval", "mbpp", "humanevalfix-python", "humanevalfix-js"]);
export type DatasetName = z.infer<typeof datasetNameSchema>;

/** `fixed`: by rules; `learned`: by what the knowledge base says; `none`: in the order given. */
export const routerNameSchema = z.enum(["fixed", "learned", "none"]);
export type RouterName = z.infer<typeof routerNameSchema>;

/** `workers`: by testers that may attest, where some are connected. */
export const testersSchema = z.enum(["here", "workers"]);
export type Testers = z.infer<typeof testersSchema>;

/** Who is to propose, and in which order they are asked. */
export const proposingSchema = z.object({
  /** `search`, `model:PROVIDER/MODEL` or a configured name, `agent:NAME`, `human`, `worker:CAPABILITY`, `council:A,B,…`; absent: what is configured. */
  proposers: z.array(z.string()).optional(),
  router: routerNameSchema.optional(),
  /** Wait for a person at this point. */
  approve: z.enum(["before-apply"]).optional(),
});
export type Proposing = z.infer<typeof proposingSchema>;

/** A file of the user's as it was when the run began: where it was, absolute, and its content, kept in the store. */
export const givenFileSchema = z.object({ path: z.string(), digest: digestSchema });
export type GivenFile = z.infer<typeof givenFileSchema>;

export const solveLanguageSchema = z.enum(["python", "javascript", "typescript"]);
export type SolveLanguage = z.infer<typeof solveLanguageSchema>;

/** What the user asked for; immutable. One member per workflow. */
export const goalSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("heal"),
    /** Absolute path of the project. */
    root: z.string(),
    /** Runner selectors; empty: every test. */
    tests: z.array(z.string()),
    /** Also try taking back hunks of changes made since this git revision. */
    since: z.string().optional(),
    /** Write an accepted patch to the project's own tree, if that is still at the base revision. */
    apply: z.boolean(),
    /** What a verdict needs at least, instead of what the candidate's origin asks for. */
    minLevel: verdictLevelSchema.optional(),
    /** Who makes the first of a candidate's two runs; absent: everything is run by the daemon itself. */
    testers: testersSchema.optional(),
    ...proposingSchema.shape,
  }),
  z.object({
    kind: z.literal("judge"),
    /** Absolute path of the project. */
    root: z.string(),
    /** A git revision, as given. */
    base: z.string(),
    change: z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("revision"), head: z.string() }),
      /** A unified diff, kept in the store. */
      z.object({ kind: z.literal("patch"), digest: digestSchema }),
      /** The working tree as it is when the run begins. */
      z.object({ kind: z.literal("tree") }),
    ]),
    /** Inferred when absent. */
    expect: changeKindSchema.optional(),
    /** Tests that must turn green, in the runner's own syntax; empty: at least one. */
    tests: z.array(z.string()),
    allowTestChanges: z.boolean(),
    guardrails: guardrailPolicySchema,
    /** How many hunks of the change may be unproven. */
    unprovenHunksMax: z.int().min(0),
    minLevel: verdictLevelSchema.optional(),
  }),
  z.object({
    kind: z.literal("eval"),
    /** Absolute path of the folder whose state directory keeps the run. */
    root: z.string(),
    dataset: datasetNameSchema,
    /** Digest of the data file's bytes, and where they came from. */
    data: z.object({ source: z.string(), digest: digestSchema }),
    /** `canonical`, `search`, or `samples:FILE` with the digest of its bytes. */
    proposer: z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("canonical") }),
      z.object({ kind: z.literal("search") }),
      z.object({ kind: z.literal("samples"), source: z.string(), digest: digestSchema }),
      z.object({
        kind: z.literal("model"),
        /** As it was named, and `provider/model`. */
        name: z.string(),
        model: z.string(),
        /** Candidates for each task, and how often each may be mended after its visible tests failed: rounds in all. */
        samples: z.int().min(1),
        rounds: z.int().min(1),
        temperature: z.number().optional(),
      }),
    ]),
    /** What the proposer sees of the tests. */
    visible: z.enum(["test", "example_test"]),
    k: z.array(z.int().min(1)).min(1),
    /** Problems evaluated at the same time. */
    workers: z.int().min(1),
    /** Whether what the search finds, and whether it passes the hidden tests, is added to the knowledge base. */
    learn: z.boolean().optional(),
    /** Only these task ids; absent: all. */
    tasks: z.array(z.string()).optional(),
    seed: z.int(),
  }),
  z.object({
    kind: z.literal("solve"),
    /** Absolute path of the folder whose state directory keeps the run, and whose installed dependencies the tests may use. */
    root: z.string(),
    /** What is wanted, in the user's words. */
    description: digestSchema.optional(),
    /** A source file whose signatures and comments say what is wanted; its name and its text are where the work begins. */
    stub: givenFileSchema.optional(),
    /** Test files, or files of `input -> output` lines. */
    tests: z.array(givenFileSchema).min(1),
    /** Tests that nobody who proposes sees, and that a solution must pass as well. */
    hidden: z.array(givenFileSchema),
    /** Hides this part of `tests` as well, drawn by the seed. */
    holdOut: z.object({ fraction: z.number().gt(0).lt(1), seed: z.int().min(0) }).optional(),
    language: solveLanguageSchema.optional(),
    /** The function to write, where the tests leave it open. */
    name: z.string().optional(),
    guardrails: guardrailPolicySchema,
    minLevel: verdictLevelSchema.optional(),
    /** Where the solution is to be written, absolute; an existing file is replaced only with `force`. */
    out: z.string().optional(),
    /** Where the patch is to be written, absolute. */
    patchOut: z.string().optional(),
    force: z.boolean(),
    /** Writes the file also where the hidden tests refuse it. */
    keepUnproven: z.boolean(),
    ...proposingSchema.shape,
  }),
  z.object({
    kind: z.literal("plan"),
    /** Absolute path of the project. */
    root: z.string(),
    title: z.string().min(1).max(500),
    plan: planSchema,
  }),
]);
export type Goal = z.infer<typeof goalSchema>;
