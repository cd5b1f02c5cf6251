import { z } from "zod";

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
});

export type SearchCursor = z.infer<typeof cursorSchema>;

const start: SearchCursor = { version: 1, rank: 0, hung: [], again: false };

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
