import { z } from "zod";
import { openedMax } from "./trials.ts";

/** Candidates that hung and are tried again at the end, with more time. */
export const hungMax = 200;

const cursorSchema = z.object({
  version: z.literal(1),
  /** Position in the ranked list to go on from. */
  rank: z.int().min(0),
  /** Positions of candidates that hung. */
  hung: z.array(z.int().min(0)).max(hungMax),
  /** Whether what hung is being tried again. */
  again: z.boolean(),
  /** Whether, at last, all are tried in processes of their own: a process that edits share may refuse what is right. */
  alone: z.boolean().default(false),
  /** Whether any was refused by a process that it shared. */
  shared: z.boolean().default(false),
  /** What was known of methods when the search began: the ranking rests on it. */
  moment: z.int().min(0).optional(),
  /** What was nearly right and has more to try. */
  opened: z
    .array(z.object({ rank: z.int().min(0), tried: z.int().min(0) }))
    .max(openedMax)
    .default([]),
});

export type SearchCursor = z.infer<typeof cursorSchema>;

const start: SearchCursor = { version: 1, rank: 0, hung: [], again: false, alone: false, shared: false, opened: [] };

/** Begins anew when the text is not a cursor of this version: nothing is lost but time. */
export function parseCursor(text: string | undefined): SearchCursor {
  if (text === undefined) return start;
  try {
    const parsed = cursorSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : start;
  } catch {
    return start;
  }
}
