import { z } from "zod";
import { digestSchema } from "./digest.ts";

/** As a person gives it: one line, nothing invisible, at most 100 characters. */
export const personNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u, "must be one line of visible characters");

/** What a person decided about a proven change, before it is applied: the value of the signal `approval`. */
export const approvalSchema = z.object({
  approved: z.boolean(),
  /** As they call themselves; nobody checks it. */
  by: personNameSchema,
  /** The account of the operating system under which it was sent. */
  hostUser: z.string().max(256),
  note: z.string().max(2_000).optional(),
  /** Of the change that was shown to them. */
  patch: digestSchema,
});
export type Approval = z.infer<typeof approvalSchema>;

/** A person's answer to the question what should change, without its text: that is kept by its digest. */
export const personAnswerSchema = z.object({
  kind: z.enum(["patch", "opinion", "nothing"]),
  by: personNameSchema,
  via: z.enum(["outbox", "terminal"]),
  /** Of the question as it was shown, and of the answer as it was given. */
  questionDigest: digestSchema,
  answerDigest: digestSchema,
});
export type PersonAnswer = z.infer<typeof personAnswerSchema>;
