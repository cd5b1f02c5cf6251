import { z } from "zod";

/** The three edits. Paths are project-relative POSIX paths. */
export const editSchema = z.discriminatedUnion("kind", [
  /** `oldStr` must occur exactly once. */
  z.object({ kind: z.literal("update"), path: z.string(), oldStr: z.string().min(1), newStr: z.string() }),
  /** A unified diff of one or more files; line numbers may be wrong, context may not. */
  z.object({ kind: z.literal("diff"), diff: z.string().min(1) }),
  /** The whole file. */
  z.object({ kind: z.literal("rewrite"), path: z.string(), content: z.string() }),
]);
export type Edit = z.infer<typeof editSchema>;

/** Who made a candidate, and how. */
export const provenanceSchema = z.object({
  proposer: z.enum(["search", "model", "agent", "human", "recent-hunks", "worker"]),
  /** The operator, model id, agent command or person. */
  method: z.string(),
  /** One sentence a person can read. */
  summary: z.string(),
  /** Candidates tried before this one in the same attempt. */
  rank: z.int().min(0).optional(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

export const candidateSchema = z.object({
  id: z.string(),
  edits: z.array(editSchema).min(1),
  provenance: provenanceSchema,
});
export type Candidate = z.infer<typeof candidateSchema>;
