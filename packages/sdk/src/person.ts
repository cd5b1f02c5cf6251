import { z } from "zod";
import { digestSchema } from "./digest.ts";

/** As a person gives it: one line, nothing invisible, at most 100 characters. */
export const personNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u, "must be one line of visible characters");

/** Which of a daemon's keys a decision came by. Whoever holds it answers for it; the name is what whoever made it called it. */
export const decidingKeySchema = z.object({
  id: z.string().max(100),
  name: z.string().max(100),
  tenant: z.string().max(100),
});
export type DecidingKey = z.infer<typeof decidingKeySchema>;

/** What a person decided about a proven change, before it is applied: the value of the signal `approval`. */
export const approvalSchema = z.object({
  approved: z.boolean(),
  /** As they call themselves; nobody checks it. */
  by: personNameSchema,
  /** The account of the operating system under which it was sent; absent where a key of a daemon's was all that showed who it is. */
  hostUser: z.string().max(256).optional(),
  /** Absent where it came by no key, or by the key that only the daemon's own account can read. */
  key: decidingKeySchema.optional(),
  note: z.string().max(2_000).optional(),
  /** Of the change that was shown to them. */
  patch: digestSchema,
  /** The run that it was given for, and for no fork of it; absent in decisions of older versions. */
  run: z.string().max(100).optional(),
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
