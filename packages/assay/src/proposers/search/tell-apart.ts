import { FaultError } from "#domain";
import type { EditComparison, Proposal } from "#ports";
import type { ScreenPool } from "../screens/screen-pool.ts";
import type { TestOrder } from "../screens/test-order.ts";
import { candidateId } from "./candidate.ts";
import { textEditOf } from "./chunk.ts";
import { describeTrial } from "./describe.ts";
import type { Trial } from "./trials.ts";

/** Tests whose calls are looked at, those that must turn green first. */
const testsMax = 60;

export type Told = Pick<Proposal, "ambiguity" | "uncompared">;

/** A test that fails now passes, too, where what it runs into is taken away: such edits are no rivals of one that mends it. */
const taking: ReadonlySet<string> = new Set(["del_stmt", "unwrap_if", "cond_const", "bool_drop"]);

/** An input of which the best of several plausible edits and another make different things. Edits of different files cannot be compared. */
export async function tellApart(
  pool: ScreenPool,
  [best, ...others]: readonly Trial[],
  order: TestOrder,
): Promise<Told> {
  if (best === undefined) return {};
  const rivals = others.filter(
    ({ edit }) => edit.file === best.edit.file && (best.edit.deletion || !taking.has(edit.operator)),
  );
  const elsewhere = others.filter(({ edit }) => edit.file !== best.edit.file).length;
  if (rivals.length === 0) return elsewhere === 0 ? {} : { uncompared: elsewhere };
  const { file, line, statementLine } = best.edit;
  const asked = pool.tellApart(0, {
    id: best.rank,
    file,
    source: best.source,
    tests: order.for(file, line, statementLine).slice(0, testsMax),
    candidates: [best, ...rivals].map((trial, id) => ({ id, ...textEditOf(trial.edit) })),
  });
  // What was found is worth more than to be lost with the process that should tell it apart.
  const comparison = await asked.catch((error): EditComparison => {
    if (error instanceof FaultError) return { compared: false };
    throw error;
  });
  const difference = comparison.found;
  const unknown = elsewhere + (comparison.compared ? 0 : rivals.length);
  const uncompared = unknown === 0 ? {} : { uncompared: unknown };
  const own = difference?.results.find(({ id }) => id === 0)?.result;
  if (difference === undefined || own === undefined) return uncompared;
  const results = difference.results.flatMap(({ id, result }) => {
    const trial = [best, ...rivals][id];
    return trial === undefined ? [] : [{ candidate: candidateId(trial), summary: describeTrial(trial), result }];
  });
  if (results.every(({ result }) => result === own)) return uncompared;
  return { ambiguity: { call: difference.call, results }, ...uncompared };
}
