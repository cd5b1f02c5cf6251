import { z } from "zod";
import { provenanceSchema } from "./patch.ts";
import { errorCategorySchema } from "./test-report.ts";

const methods = z.array(z.string().max(64)).max(200);

/** What one attempt to heal taught: which methods were tried for which kind of failure, and what became of their changes. */
export const lessonSchema = z.object({
  version: z.literal(1),
  /** Unix epoch, milliseconds. */
  at: z.number(),
  language: z.string().max(32),
  category: errorCategorySchema,
  proposer: provenanceSchema.shape.proposer,
  /** Which of that name, e.g. a model's id. */
  instance: z.string().max(200).optional(),
  /** What the failure looked like beyond its category. */
  features: z.object({ tests: z.int().min(0), places: z.int().min(0), sourceFiles: z.int().min(0) }).optional(),
  /** Candidates tried, by method. */
  tried: z.record(z.string().max(64), z.int().min(0)),
  /** Methods whose changes the judge accepted, and those whose changes only seemed right. */
  accepted: methods,
  refused: methods,
  /** Where tests were hidden from the proposer: methods whose changes passed them as well, and those whose did not. */
  survived: methods,
  refuted: methods,
  wallMs: z.number().min(0),
  costMicroUsd: z.number().min(0),
});
export type Lesson = z.infer<typeof lessonSchema>;
