import type { TestReport } from "@assay/sdk";
import { loadObservation } from "../observe.ts";
import type { Judged } from "./check.ts";
import type { RepairTools } from "./goal.ts";

/** The best of what was tried: judged, with what was seen of it. */
export type Best = { judged: Judged; report: TestReport | undefined };

const standing = { accepted: 2, inconclusive: 1, rejected: 0 };
/** More tests than there are in any project. */
const standingWeight = 1e9;

/** The verdict first, then how many tests pass; of equals the last, which was made knowing most. */
export async function bestOf(tools: RepairTools, all: readonly Judged[]): Promise<Best | undefined> {
  let best: (Best & { rank: number }) | undefined;
  for (const judged of all) {
    const last = judged.evidence.at(-1);
    const report = last === undefined ? undefined : (await loadObservation(tools.blobs, last.digest)).report;
    const passed = report?.results.filter(({ outcome }) => outcome === "passed").length ?? -1;
    const rank = standing[judged.verdict.kind] * standingWeight + passed;
    if (best === undefined || rank >= best.rank) best = { judged, report, rank };
  }
  return best;
}
