import { errorCategorySchema, testOutcomeSchema } from "@assay/sdk";
import { z } from "zod";

/** Outcomes remembered of one test. */
export const historyLengthMax = 10;
/** Tests remembered; those not seen for longest are forgotten first. */
export const entriesMax = 50_000;
export const lastErrorLengthMax = 500;

export const checklistEntrySchema = z.object({
  /** The outcome when it was last seen. */
  status: testOutcomeSchema,
  category: errorCategorySchema.optional(),
  /** Type and first line of the message, capped. */
  lastError: z.string().max(lastErrorLengthMax).optional(),
  suggestedMethod: z.enum(["update", "diff", "rewrite"]).optional(),
  /** Runs in a row that saw it red, after the first. */
  retryCount: z.int().min(0),
  /** Newest last. */
  history: z.array(z.object({ run: z.string(), outcome: testOutcomeSchema })).max(historyLengthMax),
});
export type ChecklistEntry = z.infer<typeof checklistEntrySchema>;

export const checklistSchema = z.object({
  version: z.literal(1),
  /** By test id. */
  tests: z.record(z.string(), checklistEntrySchema),
});

/** What is known of each test between runs: its state, why it failed, what happened before. Never evidence of a verdict. */
export type Checklist = z.infer<typeof checklistSchema>;

export const emptyChecklist: Checklist = { version: 1, tests: {} };
