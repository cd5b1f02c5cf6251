import type { Ambiguity } from "@assay/sdk";
import { FaultError } from "#domain";
import type { ScreenPool } from "../screens/screen-pool.ts";
import type { TestOrder } from "../screens/test-order.ts";
import { candidateId } from "./candidate.ts";
import { textEditOf } from "./chunk.ts";
import { describeTrial } from "./describe.ts";
import type { Trial } from "./trials.ts";

/** Tests whose calls are looked at, those that must turn green first. */
const testsMax = 60;

/**
 * An input of which the best of several plausible edits and another make different things. What only takes away is no rival of what
 * does not, and edits of different files cannot be compared.
 */
export async function tellApart(
  pool: ScreenPool,
  [best, ...others]: readonly Trial[],
  order: TestOrder,
): Promise<Ambiguity | undefined> {
  if (best === undefined) return undefined;
  const rivals = others.filter(({ edit }) => edit.file === best.edit.file && (best.edit.deletion || !edit.deletion));
  if (rivals.length === 0) return undefined;
  const { file, line, statementLine } = best.edit;
  const asked = pool.tellApart(0, {
    id: best.rank,
    file,
    source: best.source,
    tests: order.for(file, line, statementLine).slice(0, testsMax),
    candidates: [best, ...rivals].map((trial, id) => ({ id, ...textEditOf(trial.edit) })),
  });
  // What was found is worth more than to be lost with the process that should tell it apart.
  const difference = await asked.catch((error) => {
    if (error instanceof FaultError) return undefined;
    throw error;
  });
  const own = difference?.results.find(({ id }) => id === 0)?.result;
  if (difference === undefined || own === undefined) return undefined;
  const results = difference.results.flatMap(({ id, result }) => {
    const trial = [best, ...rivals][id];
    return trial === undefined ? [] : [{ candidate: candidateId(trial), summary: describeTrial(trial), result }];
  });
  return results.some(({ result }) => result !== own) ? { call: difference.call, results } : undefined;
}
