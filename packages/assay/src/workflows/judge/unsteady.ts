import { attemptName } from "#domain";
import type { Run } from "#engine";
import { runInTurns } from "../shared/in-turns.ts";
import { openTrial, type Trial } from "../shared/trial.ts";
import { type Gathered, limitsOf } from "./gather.ts";
import type { MixedTrees } from "./mixed-trees.ts";
import type { Side, Subject } from "./subject.ts";
import type { JudgeTools } from "./tools.ts";

/** A flake that fails half of the time shows red and green in all of five rounds in one of a thousand cases. */
const roundsMax = 5;
/** Of rounds that each cost a cold run. */
const coldRoundsMax = 2;
const turnsMsMax = 60_000;

/**
 * A test that fails by chance is red on the base and green on the head sooner or later. So both sides are run in turns; returns what
 * was green on the base's code or red on the head's, empty when what turned green was steady.
 */
export async function findUnsteady(
  run: Run,
  tools: JudgeTools,
  { subject, mixed, gathered }: { subject: Subject; mixed: MixedTrees; gathered: Gathered },
  turned: readonly string[],
): Promise<string[]> {
  const { base, head } = subject;
  const before = mixed.newTests ?? base;
  const input = { base: before.snapshot.digest, head: head.snapshot.digest, turned };
  if (turned.length === 0) return [];
  tools.progress({ kind: "phase", phase: "in turns", detail: "does what turned green do so every time" });
  return run.step("turns", input, async () => {
    const open = (side: Side, name: string) => openSide(run, tools, side, name, gathered);
    await using onBase = await open(before, "turn-base");
    await using onHead = await open(head, "turn-head");
    // Awaited here: both sides are closed when this scope ends.
    return await runInTurns({
      onBase: onBase.trial,
      onChanged: onHead.trial,
      targets: turned,
      roundsMax,
      coldRoundsMax,
      wallMsMax: turnsMsMax,
    });
  });
}

async function openSide(
  run: Run,
  tools: JudgeTools,
  { snapshot, profile }: Side,
  name: string,
  gathered: Gathered,
): Promise<{ trial: Trial } & AsyncDisposable> {
  await using resources = new AsyncDisposableStack();
  const workspace = resources.use(await tools.workspaces.open(snapshot, attemptName(run.id, "judge", name)));
  const { limits, testMsMax = 5_000 } = limitsOf(gathered);
  const trial = await openTrial({
    runner: tools.runners[profile.runner],
    profile,
    workspace,
    testMsMax,
    wallMsMax: limits.wallMsMax,
    trialMsMax: turnsMsMax * 4,
    signal: run.abort,
  });
  resources.use(trial);
  const kept = resources.move();
  return { trial, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
