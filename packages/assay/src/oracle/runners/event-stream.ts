import { type Failure, stackFrameSchema, type TestOutcome } from "@assay/sdk";
import { z } from "zod";

/** Characters kept of one string of a failure. */
export const textLengthMax = 4096;
/** Tests in one run; a line that would pass it is refused. */
export const testsMax = 200_000;
const framesMax = 50;

/** Lone surrogates have no UTF-8 form, and so no digest: they are replaced. */
const text = z.string().transform((value) => value.slice(0, textLengthMax).toWellFormed());
const idSchema = z
  .string()
  .min(1)
  .max(textLengthMax)
  .transform((value) => value.toWellFormed());
const lineNumber = z.int().min(1);

const wireFailureSchema: z.ZodType<Failure> = z
  .object({
    type: text,
    message: text,
    file: text.optional(),
    line: lineNumber.optional(),
    testFile: text.optional(),
    expected: text.optional(),
    actual: text.optional(),
    frames: z
      .array(stackFrameSchema)
      .default([])
      .transform((frames) => frames.slice(0, framesMax)),
  })
  .transform(({ type, message, frames, file, line, testFile, expected, actual }) => ({
    type,
    message,
    frames,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(testFile === undefined ? {} : { testFile }),
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
  }));

/** Outcomes a runner may state; `not-run` is what silence means and cannot be claimed. */
const statedOutcomeSchema = z.enum(["passed", "failed", "errored", "skipped", "timed-out"]) satisfies z.ZodType<
  Exclude<TestOutcome, "not-run">
>;

const valueKind = z.enum(["number", "string", "boolean", "list", "set", "map", "function", "other"]);
/** By the function's first line, then by name. */
const kindsSchema = z.record(z.string().regex(/^\d+$/), z.record(z.string(), valueKind));

/**
 * One line that a plugin or reporter of ours writes to descriptor 3: JSON with `n`, the run's nonce, and `e`, the event.
 * `collected` may come several times, each test in one of them at least; `file` is the file of all its ids, where they share one.
 * `running` precedes a test's execution, so that a cut-off run can say which test it was in.
 */
export const runnerEventSchema = z.discriminatedUnion("e", [
  z.object({ e: z.literal("start"), runnerVersion: text.optional() }),
  z.object({ e: z.literal("collected"), ids: z.array(idSchema).max(testsMax), file: text.optional() }),
  z.object({ e: z.literal("collect-error"), failure: wireFailureSchema }),
  z.object({ e: z.literal("running"), id: idSchema }),
  z.object({
    e: z.literal("result"),
    id: idSchema,
    file: text,
    outcome: statedOutcomeSchema,
    failure: wireFailureSchema.optional(),
    durationMs: z.number().min(0).default(0),
  }),
  z.object({
    e: z.literal("coverage"),
    id: idSchema,
    files: z.record(z.string(), z.array(lineNumber)),
  }),
  z.object({ e: z.literal("kinds"), file: text, functions: kindsSchema }),
  z.object({ e: z.literal("end") }),
]);
export type RunnerEvent = z.infer<typeof runnerEventSchema>;

const nonceSchema = z.object({ n: z.string() });

/** Parses one channel line; `undefined` for anything that is not an event of this run. Never throws. */
export function parseRunnerEvent(line: string, nonce: string): RunnerEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const stamp = nonceSchema.safeParse(value);
  if (!stamp.success || stamp.data.n !== nonce) return undefined;
  const event = runnerEventSchema.safeParse(value);
  return event.success ? event.data : undefined;
}
