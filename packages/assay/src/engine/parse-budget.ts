import { z } from "zod";
import type { Budget } from "#domain";

const limit = z.number().min(0);
const budgetSchema = z.object({
  wallMsMax: limit,
  candidatesMax: limit,
  attemptsMax: limit,
  requestsMax: limit.exactOptional(),
  tokensMax: limit.exactOptional(),
  costMicroUsdMax: limit.exactOptional(),
});

/** A budget as a run recorded it; `undefined` when it is not one. */
export function parseBudget(value: unknown): Budget | undefined {
  return budgetSchema.safeParse(value).data;
}
