import type { Evidence, VerdictLevel } from "@assay/sdk";
import { minLevelFor } from "#domain";
import { plural } from "./format.ts";
import type { CandidateView, RunView } from "./run-view.ts";
import { sanitizeLine } from "./sanitize.ts";

/** What became of the controls in these runs, in words; nothing where none was asked for. */
export function controlsSaid(evidence: readonly Evidence[]): string | undefined {
  const ran = evidence.reduce((sum, { controls }) => sum + (controls?.ran ?? 0), 0);
  const failed = evidence.reduce((sum, { controls }) => sum + (controls?.failed ?? 0), 0);
  if (ran > 0) return `of ${plural(ran, "control")} ${failed} failed as they must`;
  const why = evidence.find(({ uncontrolled }) => uncontrolled !== undefined)?.uncontrolled;
  return why === undefined ? undefined : `no controls: ${sanitizeLine(why, 200)}`;
}

/** What the verdict on a candidate needs at least, and who says so. */
export function levelNeeded({ goal }: RunView, { provenance }: CandidateView): { level: VerdictLevel; by: string } {
  const asked = goal !== undefined && "minLevel" in goal ? goal.minLevel : undefined;
  return asked === undefined
    ? { level: minLevelFor(provenance.proposer), by: "its origin" }
    : { level: asked, by: "--min-level" };
}
