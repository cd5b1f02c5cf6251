import { z } from "zod";

/** What is done about code that a syntax-tree rule flags: nothing, say so, or refuse to accept it. */
export const guardrailPolicySchema = z.enum(["off", "warn", "block"]);
export type GuardrailPolicy = z.infer<typeof guardrailPolicySchema>;

/** A place that a rule flags. It informs a verdict; it is never the claim that code is safe. */
export const guardrailFindingSchema = z.object({
  /** E.g. `python/process-spawn`. */
  rule: z.string(),
  severity: z.enum(["note", "warning", "error"]),
  message: z.string(),
  /** Project-relative POSIX path. */
  file: z.string(),
  /** 1-based. */
  line: z.int().min(1),
  column: z.int().min(1),
  /** The flagged text, at most 200 characters. */
  snippet: z.string().max(200),
});
export type GuardrailFinding = z.infer<typeof guardrailFindingSchema>;
