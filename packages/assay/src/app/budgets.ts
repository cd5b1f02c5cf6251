import type { RunEvent } from "@assay/sdk";
import { type Budget, defaultHealBudget, type Spending } from "#domain";
import type { Config } from "./config.ts";

export type BudgetFlags = { secondsMax?: number; attemptsMax?: number };

/** What a new run may use: flags before configuration before defaults. */
export function startBudget(flags: BudgetFlags, config: Config): Budget {
  const secondsMax = flags.secondsMax ?? config.budget?.seconds;
  const attemptsMax = flags.attemptsMax ?? config.budget?.attempts;
  return {
    ...defaultHealBudget,
    ...(secondsMax === undefined ? {} : { wallMsMax: secondsMax * 1000 }),
    ...(attemptsMax === undefined ? {} : { attemptsMax }),
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
