import { z } from "zod";
import { type RunId, raise, runId } from "#domain";
import type { Claim } from "#ports";

/** A claim as a worker names it. */
export type ClaimName = { run: RunId; task: string; token: number };

const schema = z.object({ run: z.string().max(100), task: z.string().min(1).max(500), token: z.int().min(1) });

/** Throws `usage` for what names no claim. */
export function claimName(ref: { run: string; task: string; token: number } | undefined): ClaimName {
  const parsed = schema.safeParse(ref);
  if (!parsed.success) return raise("usage", "the call names no claim", "send run, task and token as Claim gave them");
  try {
    return { ...parsed.data, run: runId(parsed.data.run) };
  } catch {
    return raise("usage", "the claim's run is not one that Assay gives", "send run, task and token as Claim gave them");
  }
}

export function isClaim(claim: Claim, { run, task, token }: ClaimName): boolean {
  return claim.token === token && claim.offer.task === task && claim.offer.run === run;
}
