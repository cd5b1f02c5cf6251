import { type Digest, digestSchema } from "@assay/sdk";
import { z } from "zod";
import { faultPolicy } from "#domain";
import type { ModelAnswer } from "#ports";
import type { ReadAnswer } from "./answers/read-answer.ts";

const cursorSchema = z.object({
  /** Calls made, and candidates that came of them. */
  turn: z.int().min(0),
  candidates: z.int().min(0),
  /** Calls that broke off. */
  failures: z.int().min(0).optional(),
  mode: z.enum(["update", "diff", "rewrite"]),
  /** The last answer, by its digest, and why it could not be used. */
  complaint: z.object({ answer: digestSchema, problem: z.string() }).optional(),
});
export type ModelCursor = z.infer<typeof cursorSchema>;

/** Answers that cannot be used in a row: one for each kind of edit. */
const complaintsMax = 3;
/** Calls that broke off in the middle, and were charged. */
const failuresMax = 2;

export function readCursor(text: string): ModelCursor {
  return cursorSchema.parse(JSON.parse(text));
}

export function writeCursor(cursor: ModelCursor): string {
  return JSON.stringify(cursor);
}

/** Where to go on after an answer; `undefined`: the model has nothing left to give. */
export function nextCursor(
  { turn, candidates }: ModelCursor,
  read: ReadAnswer,
  answer: Digest | undefined,
  candidatesMax: number,
): ModelCursor | undefined {
  const next = turn + 1;
  if (read.kind === "edit") {
    return candidates + 1 < candidatesMax ? { turn: next, candidates: candidates + 1, mode: read.mode } : undefined;
  }
  const tooMany = next >= candidatesMax + complaintsMax;
  const again = read.problem.startsWith("identical");
  if (again || tooMany || answer === undefined) return undefined;
  return { turn: next, candidates, mode: read.nextMode, complaint: { answer, problem: read.problem } };
}

/**
 * Where to go on after a failure: the question again, where it may pass and was charged. What was not charged has been tried again
 * already.
 */
export function afterFailure(
  cursor: ModelCursor,
  { fault, usage }: Extract<ModelAnswer, { kind: "failed" }>,
): ModelCursor | undefined {
  const charged = usage.inputTokens + usage.outputTokens > 0;
  const failures = (cursor.failures ?? 0) + 1;
  const mayPass = charged && failures <= failuresMax && faultPolicy(fault.code).disposition === "retry";
  return mayPass ? { ...cursor, turn: cursor.turn + 1, failures } : undefined;
}
