import { z } from "zod";
import type { Answer } from "../route.ts";

export const json = <S extends z.ZodType>(schema: S) => ({ kind: "json", schema }) as const satisfies Answer;
/** The parameters of what is about one run. */
export const run = z.object({ run: z.string().max(100) });
/** A list in pages. */
export const page = {
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
};
export const done = z.object({ done: z.literal(true) });
/** Why, for the record. Nothing has to be said: what stops everything must not fail for want of a word. */
export const reason = z.object({ reason: z.string().min(1).max(500).default("no reason given") }).prefault({});
