import { z } from "zod";
import { digestSchema } from "./digest.ts";
import { isolationSchema, verdictLevelSchema } from "./isolation.ts";
import { editSchema } from "./patch.ts";
import type { TaskKind } from "./task.ts";
import { terminationSchema } from "./termination.ts";
import { classifiedFailureSchema, runnerNameSchema, testReportSchema } from "./test-report.ts";
import { wellFormed } from "./well-formed.ts";

/** Of one input or output document of a task, as JSON. */
export const workDocumentBytesMax = 32 * 1024 * 1024;

/** Project-relative, POSIX, within the project: no drive, no `..`, no empty part, no control characters. */
export const workPathSchema = z
  .string()
  .min(1)
  .max(1000)
  .refine((path) => path.split("/").every((part) => part !== "" && part !== "." && part !== ".."), {
    error: "a path within the project, such as src/cart.py",
  })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  .refine((path) => !/[\u0000-\u001f\u007f\\]/.test(path) && !/^[A-Za-z]:/.test(path), {
    error: "a path without control characters, backslashes and drives",
  });

const writtenPathSchema = z
  .string()
  .refine((path) => workPathSchema.safeParse(path.replace(/\/$/, "")).success, { error: "a path within the project" });

/** A file of the project; its content is kept in the store under its digest. */
export const workFileSchema = z.strictObject({
  path: workPathSchema,
  digest: digestSchema,
  bytes: z.int().min(0).max(workDocumentBytesMax),
  executable: z.boolean().optional(),
});
export type WorkFile = z.infer<typeof workFileSchema>;

const workFiles = z.array(workFileSchema).max(50_000);
const paths = z.array(workPathSchema).max(50_000);
const testIds = z.array(z.string().min(1).max(2000)).max(50_000);
const sentence = z.string().max(2000);
const text = z.string().max(50_000);

/**
 * Asks for a change that turns tests green. Wants one of: `agent`, `model`, `search` as capabilities, or none.
 * What comes back is a candidate and no more: it is checked as if a stranger had sent it.
 */
export const proposeInputSchema = wellFormed(
  z.strictObject({
    version: z.literal(1),
    kind: z.literal("propose"),
    /** Of the project's base revision. */
    base: digestSchema,
    runner: runnerNameSchema,
    files: workFiles,
    /** Files that a change may write, and those that decide: an edit of one of these is refused. */
    editable: paths,
    oracleFiles: paths,
    failures: z.array(classifiedFailureSchema).max(1000),
    /** Tests that must turn green, and green ones that must stay so. */
    targets: testIds,
    guards: testIds,
    /** What is wanted beyond green tests. Data, not authority. */
    brief: text.optional(),
    /** Other changes that did not do, as unified diffs, with the reasons; the newest last. */
    earlier: z.array(z.strictObject({ diff: z.string().max(200_000), reasons: z.array(sentence).max(50) })).max(10),
    limits: z.strictObject({ wallMsMax: z.int().min(1), candidatesMax: z.int().min(1).max(100) }),
  }),
);
export type ProposeInput = z.infer<typeof proposeInputSchema>;

export const proposeOutputSchema = wellFormed(
  z.strictObject({
    version: z.literal(1),
    kind: z.literal("propose"),
    /** Best first; empty: nothing was found. */
    candidates: z
      .array(
        z.strictObject({
          edits: z.array(editSchema).min(1).max(200),
          /** One sentence for a person. */
          summary: z.string().min(1).max(500),
          /** How it was made: an operator, a model's id. */
          method: z.string().min(1).max(200),
        }),
      )
      .max(100),
    /** Candidates that were tried to find these. */
    tried: z.int().min(0).default(0),
    note: sentence.optional(),
  }),
);
export type ProposeOutput = z.infer<typeof proposeOutputSchema>;

/** Asks to run a project's suite once, in a fresh sandbox, with these files and nothing else of the project. It holds no command. */
export const checkInputSchema = wellFormed(
  z.strictObject({
    version: z.literal(1),
    kind: z.literal("check"),
    /** Of the base revision, and of the patch that `files` have applied to it. */
    base: digestSchema,
    patch: digestSchema.optional(),
    files: workFiles,
    suite: z.strictObject({
      runner: runnerNameSchema,
      oracleFiles: paths,
      /** Test ids; empty: all. */
      selection: testIds,
      testMsMax: z.int().min(1).optional(),
      shuffleSeed: z.int().min(0).optional(),
      limits: z.strictObject({
        wallMsMax: z.int().min(1),
        cpuSecondsMax: z.int().min(1),
        memoryBytesMax: z.int().min(1),
        processesMax: z.int().min(1),
        fileBytesMax: z.int().min(1),
        diskBytesMax: z.int().min(1),
        outputBytesMax: z.int().min(1),
      }),
    }),
  }),
);
export type CheckInput = z.infer<typeof checkInputSchema>;

/** What a suite did, as an observation of this program has it; whether it counts is decided where it was asked for. */
export const checkOutputSchema = wellFormed(
  z.strictObject({
    version: z.literal(1),
    kind: z.literal("check"),
    report: testReportSchema,
    termination: terminationSchema,
    isolation: isolationSchema,
    level: verdictLevelSchema,
    /** Oracle files that were written while the tests ran; with a `/` at the end: a folder of them that was replaced. */
    written: z.array(writtenPathSchema).max(50_000),
    /** The ends of what was printed. */
    stdout: z.string().max(1_100_000),
    stderr: z.string().max(1_100_000),
    durationMs: z.number().min(0),
  }),
);
export type CheckOutput = z.infer<typeof checkOutputSchema>;

/** Asks what files say about a question. An answer is read by people and proposers; it is never evidence. */
export const analyzeInputSchema = wellFormed(
  z.strictObject({
    version: z.literal(1),
    kind: z.literal("analyze"),
    files: workFiles,
    question: text.min(1),
    failures: z.array(classifiedFailureSchema).max(1000).default([]),
  }),
);
export type AnalyzeInput = z.infer<typeof analyzeInputSchema>;

export const analyzeOutputSchema = wellFormed(
  z.strictObject({
    version: z.literal(1),
    kind: z.literal("analyze"),
    summary: text,
    findings: z
      .array(
        z.strictObject({
          title: z.string().min(1).max(500),
          detail: text,
          file: workPathSchema.optional(),
          line: z.int().min(1).optional(),
          /** 0 to 1, as the worker thinks. */
          confidence: z.number().min(0).max(1).optional(),
        }),
      )
      .max(1000),
  }),
);
export type AnalyzeOutput = z.infer<typeof analyzeOutputSchema>;

/** What a task of each kind is given, and what must come back. */
export const workDocumentSchemas = {
  propose: { input: proposeInputSchema, output: proposeOutputSchema },
  check: { input: checkInputSchema, output: checkOutputSchema },
  analyze: { input: analyzeInputSchema, output: analyzeOutputSchema },
} as const satisfies Record<TaskKind, { input: z.ZodType; output: z.ZodType }>;
