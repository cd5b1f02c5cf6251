import type { Candidate } from "@assay/sdk";
import { attemptName } from "#domain";
import type { Run } from "#engine";
import type { Workspace } from "#ports";
import { runInTurns } from "../in-turns.ts";
import { openTrial, type Trial } from "../trial.ts";
import type { Case } from "./check.ts";
import type { RepairTools } from "./goal.ts";

/** A suite that hangs on the base takes its whole limit each time. */
const controlsMsMax = 30_000;
const roundsMax = 12;
/** Of rounds that each cost a cold run of the targets. */
const coldRoundsMax = 4;

/**
 * A test that fails by chance fails on the base, and sooner or later passes with some candidate: the more were tried, the sooner.
 * So base and candidate are run in turns, until a test that has nothing to do with the change would have betrayed itself:
 * a flake that fails half of the time shows four of four rounds in one of 4⁴ cases. Returns the targets that were green on
 * the base or red with the candidate; empty when they were steady.
 */
export async function findUnsteady(
  run: Run,
  tools: RepairTools,
  subject: Case,
  candidate: Candidate,
  tried: number,
): Promise<string[]> {
  const targets = [...subject.targets.tests, ...subject.targets.files];
  // At most one chance in a thousand over all that was tried.
  const rounds = Math.min(roundsMax, Math.ceil(Math.log(1000 * Math.max(1, tried)) / Math.log(4)));
  return run.step(`${candidate.id}.controls`, { edits: candidate.edits, rounds, targets }, async () => {
    const { snapshot } = subject.project;
    await using base = await tools.workspaces.open(snapshot, attemptName(run.id, candidate.id, "control-base"));
    await using changed = await tools.workspaces.open(snapshot, attemptName(run.id, candidate.id, "control-changed"));
    await changed.apply(candidate.edits);
    await using onBase = await openOn(run, tools, subject, base);
    await using onChanged = await openOn(run, tools, subject, changed);
    // Awaited here: both sides are closed when this scope ends.
    return await runInTurns({ onBase, onChanged, targets, roundsMax: rounds, coldRoundsMax, wallMsMax: controlsMsMax });
  });
}

function openOn(run: Run, tools: RepairTools, subject: Case, workspace: Workspace): Promise<Trial> {
  const { profile } = subject.project;
  const { testMsMax, wallMsMax } = subject.baseline;
  const runner = tools.runners[profile.runner];
  const trialMsMax = controlsMsMax * 4;
  return openTrial({ runner, profile, workspace, testMsMax, wallMsMax, trialMsMax, signal: run.abort });
}
