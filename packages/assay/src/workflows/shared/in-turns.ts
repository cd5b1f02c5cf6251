import type { Trial } from "./trial.ts";

/** Targets asked one by one on the base; more are asked together with the first of them. */
const targetsMax = 8;

export type Turns = {
  onBase: Trial;
  onChanged: Trial;
  targets: readonly string[];
  roundsMax: number;
  /** Of rounds that each cost a cold run of the targets. */
  coldRoundsMax: number;
  wallMsMax: number;
};

/**
 * Runs base and change in turns. Returns the targets that were green on the base or red with the change; empty when they were steady,
 * each red there and green here every time.
 */
export async function runInTurns(turns: Turns): Promise<string[]> {
  const { onBase, onChanged, targets, roundsMax, coldRoundsMax, wallMsMax } = turns;
  const started = performance.now();
  const rounds = onBase.warm && onChanged.warm ? roundsMax : Math.min(roundsMax, coldRoundsMax);
  for (let round = 0; round < rounds && performance.now() - started < wallMsMax; round += 1) {
    for (const target of targets.slice(0, targetsMax)) if (await onBase.passes([target])) return [target];
    if (!(await onChanged.passes(targets))) return [...targets];
  }
  return [];
}
