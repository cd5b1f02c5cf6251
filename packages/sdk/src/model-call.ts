import { z } from "zod";
import { digestSchema } from "./digest.ts";
import { faultSchema } from "./fault.ts";

/** One question to a model, and what it took. The texts themselves are kept by their digests. */
export const modelCallSchema = z.object({
  /** `provider/model`. */
  model: z.string(),
  /** The prompt's file and version, e.g. `heal-assertion@1`. */
  prompt: z.string(),
  /** Of the messages as they were sent, canonical JSON. */
  promptDigest: digestSchema,
  /** Absent where there was no answer. */
  answerDigest: digestSchema.optional(),
  end: z.enum(["complete", "truncated", "refused", "tool-call", "failed"]),
  fault: faultSchema.optional(),
  inputTokens: z.int().min(0),
  outputTokens: z.int().min(0),
  cachedInputTokens: z.int().min(0),
  costMicroUsd: z.number().min(0),
  /** The provider did not say what it charged: the most that it can be. */
  estimated: z.boolean(),
  wallMs: z.number().min(0),
  /** What became of the answer, e.g. `edit: update`, or why it could not be used. */
  outcome: z.string(),
});
export type ModelCall = z.infer<typeof modelCallSchema>;
