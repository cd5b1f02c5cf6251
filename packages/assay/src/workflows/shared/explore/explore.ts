import { type Exploration, type ExplorationKind, explorationSchema, type Violation } from "@assay/sdk";
import { explorationsFor } from "#domain";
import type { Run } from "#engine";
import type { WorkflowTools } from "../tools.ts";
import { bisect } from "./bisect.ts";
import { diffEnvironments } from "./diff-environments.ts";
import { type Explored, type Explorer, lookAt } from "./explored.ts";
import { rerun } from "./rerun.ts";
import { runAlone } from "./run-alone.ts";

const explorers: Readonly<Record<ExplorationKind, Explorer>> = {
  rerun,
  "verbose-rerun": runAlone,
  bisect,
  "environment-diff": diffEnvironments,
};

/** Of one change. */
const explorationsMax = 3;
/** Of the time that is left. */
const shareMax = 0.2;
/** How many runs of the suite each may take; of a selection a run is shorter. */
const runsOf: Readonly<Record<ExplorationKind, number>> = {
  rerun: 3,
  "verbose-rerun": 1,
  bisect: 6,
  "environment-diff": 0,
};

/**
 * Tells what is other than expected, and looks into it with a part of the time that is left. Findings inform whoever proposes next and
 * whoever reads the report; no verdict rests on them. Returns a sentence for each thing found out.
 */
export async function explore(
  run: Run,
  tools: WorkflowTools,
  subject: Explored,
  violations: readonly Violation[],
): Promise<string[]> {
  // A run that was begun before there was this has gone on without it.
  if (violations.length === 0 || !(await run.patched(`${subject.id}.violations`))) return [];
  const suiteMs = Math.max(...subject.cited.map(({ observation }) => observation.durationMs), 1);
  let leftMs = run.budget.remaining().wallMsMax * shareMax;
  let left = explorationsMax;
  const findings: string[] = [];
  for (const violation of violations) {
    await run.emit({ type: "violation-found", ...violation });
    for (const kind of explorationsFor(violation, subject.hunks.length)) {
      const worstMs = runsOf[kind] * suiteMs;
      if (left < 1 || worstMs > leftMs) continue;
      left -= 1;
      leftMs -= worstMs;
      const { conclusion, finding } = await exploreBy(run, tools, subject, violation, kind);
      if (conclusion !== "nothing-new") findings.push(finding);
    }
  }
  return findings;
}

async function exploreBy(
  run: Run,
  tools: WorkflowTools,
  subject: Explored,
  violation: Violation,
  kind: ExplorationKind,
): Promise<Exploration> {
  tools.progress({ kind: "phase", phase: "explore", detail: `${violation.kind}: ${kind}` });
  const key = `${violation.id}.${kind}`;
  const reservation = await run.reserve(`${key}.time`, { wallMs: 1 });
  const { exploration, wallMs } = await run.step(key, { violation, hunks: subject.hunks.length }, async () => {
    const startedAt = performance.now();
    const found = await explorers[kind](lookAt(run, tools, subject, `${violation.kind}-${kind}`), violation);
    const exploration = explorationSchema.parse({ violation: violation.id, kind, ...found });
    return { exploration, wallMs: performance.now() - startedAt };
  });
  await reservation.settle({ wallMs });
  await run.emit({ type: "violation-explored", ...exploration });
  return exploration;
}
