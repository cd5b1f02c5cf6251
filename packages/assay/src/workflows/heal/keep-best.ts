import { join } from "node:path";
import { FaultError } from "#domain";
import type { Run } from "#engine";
import { writeArtifact } from "#receipt";
import { bestOf } from "../shared/repair/best-of.ts";
import type { Judged } from "../shared/repair/check.ts";
import type { HealTools } from "./tools.ts";

/**
 * Does the work, and where the budget ends it keeps the best that was judged so far as a file, so that nobody has paid for nothing. It
 * is no proven change: the run pauses as before.
 */
export async function keepingBest<T>(
  run: Run,
  tools: HealTools,
  judged: readonly Judged[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === "budget-exhausted") await keepBest(run, tools, judged);
    throw error;
  }
}

async function keepBest(run: Run, tools: HealTools, judged: readonly Judged[]): Promise<void> {
  const best = await bestOf(tools, judged);
  if (best === undefined) return;
  const { diff, candidate, targets } = best.judged;
  const path = join(tools.directories.runs, run.id, "best-candidate.diff");
  // Another pause may have another best.
  await run.step(`best.${judged.length}`, { diff }, () => writeArtifact(path, diff));
  const green = new Set(best.report?.results.filter(({ outcome }) => outcome === "passed").map(({ id }) => id));
  const turned = targets.tests.filter((id) => green.has(id)).length;
  const told = `${turned} of ${targets.tests.length} tests turn green with ${candidate.provenance.summary}`;
  await run.emit({ type: "note", level: "info", message: `the best so far, not proven: ${told}; kept in ${path}` });
}
