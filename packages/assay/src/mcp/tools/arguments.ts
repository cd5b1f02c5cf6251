import { z } from "zod";

/** No control characters: nothing that is named has any. Not a `pattern` of the schema: callers' regular expressions differ. */
const isPrintable = (text: string) => !/\p{Cc}/u.test(text);
const printable = (lengthMax: number) =>
  z.string().min(1).max(lengthMax).refine(isPrintable, "Control characters are not allowed");

/** Nothing that a program could take for one of its options. */
const operand = (lengthMax: number) =>
  printable(lengthMax).refine((text) => !text.startsWith("-"), "It must not begin with a dash");

export const projectArgument = printable(4_096).optional().meta({
  description:
    "The project's folder; relative to the first folder of the server. May be left out where the server has one.",
});

export const pathArgument = printable(4_096);

/** A name alone: no folders. */
export const fileNameArgument = printable(200).refine((name) => !/[/\\]/.test(name) && !name.startsWith("."), {
  error: "It must be a file's name without folders",
});

export const runArgument = printable(64).meta({
  description: "The run's id, or `last` for the newest of the project.",
});

export const revisionArgument = operand(256);

export const testsArgument = z
  .array(operand(1_000))
  .max(200)
  .default([])
  .meta({ description: "Only these tests, in the runner's own syntax." });

/** Only what asks for more than the default does: a caller cannot lower what a verdict needs. */
export const minLevelArgument = z.enum(["controlled", "out-of-process"]).optional().meta({
  description: "Ask for more evidence than the default does.",
});

export const applyArgument = z.boolean().default(false).meta({
  description: "Write an accepted patch to the project. The server must have been started with --allow-apply.",
});

export const budgetArguments = {
  maxSeconds: z.number().positive().max(21_600).optional().meta({
    description: "Time that the run may take; then it pauses and can be resumed.",
  }),
  maxAttempts: z.int().positive().max(1_000_000).optional().meta({ description: "Candidates to be judged at most." }),
};

/** Below the minute that most clients wait for an answer. */
const waitSecondsDefault = 45;

export const waitArgument = z.number().min(0).max(3_600).default(waitSecondsDefault).meta({
  description: "How long to wait for the end; then the answer says `running` and the run goes on.",
});
