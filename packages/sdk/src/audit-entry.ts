import { z } from "zod";
import { digestSchema } from "./digest.ts";

/** Content that a line of the audit trail names. */
export const auditDigestSchema = z.object({
  /** What it is of, e.g. `patch`, `prompt`, `observation`. */
  name: z.string(),
  digest: digestSchema,
  /** A file's path; absent: it is in the store of blobs. */
  path: z.string().optional(),
  /** Whether that content is there and is still the same; absent: nobody has looked yet. */
  state: z.enum(["intact", "missing", "changed"]).optional(),
});
export type AuditDigest = z.infer<typeof auditDigestSchema>;

/** One line of a run's trail of decisions: a projection of its journal, in the journal's order. */
export const auditEntrySchema = z.object({
  type: z.literal("audit-entry"),
  /** Of the event in the journal; several lines may come of one. */
  seq: z.int().min(1),
  /** When: milliseconds since the Unix epoch, and the same as ISO 8601 in UTC. */
  at: z.number(),
  time: z.string(),
  /** `kind:name`, e.g. `person:Ada`, `model:anthropic/claude`, or the part of Assay that acted, e.g. `judge`. */
  actor: z.string(),
  /** What was done, e.g. `patch-proposed`, `approved`. */
  action: z.string(),
  /** To what: a candidate, a step, a run. */
  subject: z.string(),
  /** For a person, a sentence or two. */
  detail: z.string(),
  /** The same for a program. */
  facts: z.record(z.string(), z.unknown()),
  digests: z.array(auditDigestSchema),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
