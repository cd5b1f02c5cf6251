import type { Goal } from "@assay/sdk";
import type { BudgetFlags, LocalProject } from "#app";
import { type RunId, raise } from "#domain";
import { canonicalJson, digestOf, type RequestLog } from "#ports";

type Asked = { goal: Goal; budget: BudgetFlags; idempotencyKey: string | undefined };

/** The id of the run that a request makes: the same one for the same key. Throws `idempotency-conflict` where another request had it. */
export async function reserveRun(
  { tenant, engine }: Pick<LocalProject, "tenant" | "engine">,
  requests: RequestLog,
  { goal, budget, idempotencyKey: key }: Asked,
): Promise<RunId> {
  const run = engine.newRun(goal.kind);
  if (key === undefined) return run;
  const digest = digestOf(canonicalJson({ goal, budget }));
  const reserved = await requests.reserve({ tenant, key, digest, run });
  if (reserved.digest !== digest) {
    raise("idempotency-conflict", "this Idempotency-Key was used for another request", "use a key once");
  }
  return reserved.run;
}
