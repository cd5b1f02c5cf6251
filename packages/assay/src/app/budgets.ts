import type { Goal, RunEvent } from "@assay/sdk";
import { type Budget, defaultHealBudget, type Spending } from "#domain";
import type { Config } from "./config.ts";

const judgeMsMax = 60 * 60_000;

/** A first try and two repairs. */
const solveAttemptsMax = 3;
const microUsd = 1_000_000;

export type BudgetFlags = { secondsMax?: number; attemptsMax?: number; costUsdMax?: number };

/** What a new run may use: flags before configuration before defaults. */
export function startBudget(flags: BudgetFlags, config: Config, kind: Goal["kind"]): Budget {
  const secondsMax = flags.secondsMax ?? config.budget?.seconds;
  const attemptsMax = flags.attemptsMax ?? config.budget?.attempts;
  return {
    ...defaultHealBudget,
    // A judgement runs the whole suite for each side and each hunk, and its limits are its own.
    ...(kind === "judge" ? { wallMsMax: judgeMsMax } : {}),
    ...(kind === "solve" ? { attemptsMax: solveAttemptsMax } : {}),
    ...(secondsMax === undefined ? {} : { wallMsMax: secondsMax * 1000 }),
    ...(attemptsMax === undefined ? {} : { attemptsMax }),
    ...(flags.costUsdMax === undefined ? {} : { costMicroUsdMax: Math.floor(flags.costUsdMax * microUsd) }),
  };
}

/** What a resumed run may use: as before, or what it has spent and so much more. */
export function resumeBudget(events: readonly RunEvent[], spent: Spending, flags: BudgetFlags): Budget {
  const started = events.find((event) => event.type === "run-started");
  const before: Budget = { ...defaultHealBudget, ...started?.budget };
  const { secondsMax, attemptsMax } = flags;
  return {
    ...before,
    ...(secondsMax === undefined ? {} : { wallMsMax: spent.wallMs + secondsMax * 1000 }),
    ...(attemptsMax === undefined ? {} : { attemptsMax: spent.attempts + attemptsMax }),
  };
}
