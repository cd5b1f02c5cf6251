import { z } from "zod";
import { digestSchema } from "./digest.ts";

/** How proven candidates stand among one another, in the eyes of judges who did not make them. */
export const councilRankedSchema = z.object({
  type: z.literal("council-ranked"),
  /** Best first; with the method `none` in an order that means nothing. */
  ranking: z.array(
    z.object({
      candidate: z.string(),
      /** Other candidates that are the same change. */
      sameChange: z.array(z.string()),
      /** Of the change without comments and layout. */
      change: digestSchema,
      bordaPoints: z.number(),
      linesChanged: z.int(),
      nodesChanged: z.int(),
      filesChanged: z.int(),
      /** What the verdicts rest on that let it come this far. */
      evidence: z.array(digestSchema).min(1),
    }),
  ),
  ballots: z.array(
    z.object({
      judge: z.string(),
      /** By itself or by one of its family: it was not shown these. */
      leftOut: z.array(z.string()),
      /** Candidates, the best first, as seen in one order and in that reversed; absent where the judge gave none. */
      order: z.array(z.string()).optional(),
      reversed: z.array(z.string()).optional(),
      /** Why the ballot does not count. */
      abstained: z.string().optional(),
    }),
  ),
  /** Kendall's W over the ballots that count, 0 to 1; absent where no two judges ranked the same two changes. */
  agreement: z.number().min(0).max(1).optional(),
  method: z.enum(["single", "kemeny", "borda", "minimality", "none"]),
  reasons: z.array(z.string()),
});
