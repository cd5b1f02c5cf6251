import { join } from "node:path";
import type { Candidate, Result } from "@assay/sdk";
import type { Run } from "#engine";
import { type Case, checkCandidate, type Judged } from "../shared/repair/check.ts";
import type { Vet } from "../shared/repair/vet.ts";
import { type Counted, countPassed } from "./count-passed.ts";
import type { Files } from "./input/given.ts";
import { openCase } from "./open-case.ts";
import type { SolveGoal, SolveTools } from "./tools.ts";

/** A solution and what all tests together, also the hidden ones, said of it. */
export type HiddenCheck =
  | { kind: "judged"; subject: Case; judged: Judged; visible: Counted; hidden: Counted; hiddenRed: string[] }
  | { kind: "unready"; result: Result };

/**
 * Judges an accepted solution on a project of its own that has the hidden tests too, from the stub on and with evidence of its own.
 * It is laid out only now: whoever proposes sees nothing of it, and nobody is asked again after it.
 */
export function checkHidden(
  run: Run,
  goal: SolveGoal,
  tools: SolveTools,
  { files, vet, solution, text }: { files: Files; vet: Vet; solution: string; text: string },
  shown: { subject: Case; proven: Judged },
): Promise<HiddenCheck> {
  return run.task("hidden", async (scope): Promise<HiddenCheck> => {
    tools.progress({ kind: "phase", phase: "hidden", detail: "the tests that the proposer did not see" });
    await scope.emit({ type: "note", level: "info", message: "now with the tests that were hidden, from the stub on" });
    const directory = join(tools.directories.runs, run.id, "project");
    const opened = await openCase(scope, goal, tools, { directory, files, vet });
    if (opened.kind === "unready") return opened;
    const { subject } = opened;
    const { candidate: before } = shown.proven;
    const candidate: Candidate = {
      id: `${before.id}-hidden`,
      edits: [{ kind: "rewrite", path: solution, content: text }],
      provenance: before.provenance,
    };
    const judged = await checkCandidate(scope, tools, subject, candidate);
    if (judged === undefined) throw new Error("a whole file could not be written");
    return { kind: "judged", subject, judged, ...(await count(tools, shown.subject, subject, judged)) };
  });
}

/** What passes with the solution, apart by whether the proposer saw it. */
async function count(tools: SolveTools, shown: Case, { baseline }: Case, judged: Judged) {
  const { collected } = baseline.report;
  const seen = new Set(shown.baseline.report.collected);
  const isSeen = (id: string) => seen.has(id);
  const visible = await countPassed(tools, judged, collected.filter(isSeen));
  const hidden = await countPassed(
    tools,
    judged,
    collected.filter((id) => !isSeen(id)),
  );
  return { visible: visible.counted, hidden: hidden.counted, hiddenRed: hidden.missed };
}
