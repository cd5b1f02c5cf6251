import type { Goal, RunEvent } from "@assay/sdk";
import { type Budget, defaultHealBudget, type Spending } from "#domain";
import { lastBudget } from "#engine";
import type { Config } from "./config.ts";
import type { UserConfig } from "./user-config.ts";

const judgeMsMax = 60 * 60_000;

/** Of all tasks of a plan together; each gets a share. */
const planLimits = { wallMsMax: 6 * 60 * 60_000, candidatesMax: 1_000_000, attemptsMax: 1_000 };

/** What models may cost where nobody says: a slip must not be dear. */
const usdDefault = 1;
const microUsdDefault = usdDefault * 1e6;
/** As many tokens as a model may take where nobody says, since of some nobody knows the price. */
const tokensDefault = 2_000_000;
/** A first try and two repairs. */
const solveAttemptsMax = 3;

/** Of a new run: limits. Of a resumed one: what is added. */
export type BudgetFlags = {
  secondsMax?: number;
  attemptsMax?: number;
  candidatesMax?: number;
  usdMax?: number;
  tokensMax?: number;
  requestsMax?: number;
};

/** Limits as the API names them. */
export type BudgetLimits = { [K in keyof Budget]?: Budget[K] | undefined };

export function budgetFlagsOf(limits: BudgetLimits): BudgetFlags {
  const { wallMsMax, attemptsMax, candidatesMax, costMicroUsdMax, tokensMax, requestsMax } = limits;
  return {
    ...(wallMsMax === undefined ? {} : { secondsMax: wallMsMax / 1000 }),
    ...(attemptsMax === undefined ? {} : { attemptsMax }),
    ...(candidatesMax === undefined ? {} : { candidatesMax }),
    ...(costMicroUsdMax === undefined ? {} : { usdMax: costMicroUsdMax / 1e6 }),
    ...(tokensMax === undefined ? {} : { tokensMax }),
    ...(requestsMax === undefined ? {} : { requestsMax }),
  };
}

/** The other way round. A limit is a whole number of its unit. */
export function budgetLimitsOf(flags: BudgetFlags): BudgetLimits {
  const { secondsMax, attemptsMax, candidatesMax, usdMax, tokensMax, requestsMax } = flags;
  return {
    ...(secondsMax === undefined ? {} : { wallMsMax: Math.max(1, Math.round(secondsMax * 1000)) }),
    ...(attemptsMax === undefined ? {} : { attemptsMax }),
    ...(candidatesMax === undefined ? {} : { candidatesMax }),
    ...(usdMax === undefined ? {} : { costMicroUsdMax: Math.floor(usdMax * 1e6) }),
    ...(tokensMax === undefined ? {} : { tokensMax }),
    ...(requestsMax === undefined ? {} : { requestsMax }),
  };
}

/** What a new run may use: flags before the project's configuration before the user's before defaults. */
export function startBudget(flags: BudgetFlags, config: Config, user: UserConfig, kind: Goal["kind"]): Budget {
  // A project may allow less than its user does, never more.
  const seconds = flags.secondsMax ?? least(config.budget?.seconds, user.budget?.seconds);
  const attempts = flags.attemptsMax ?? least(config.budget?.attempts, user.budget?.attempts);
  const tokens = flags.tokensMax ?? least(config.budget?.tokens, user.budget?.tokens ?? tokensDefault) ?? tokensDefault;
  const requests = flags.requestsMax ?? least(config.budget?.requests, user.budget?.requests);
  const usd = flags.usdMax ?? least(config.budget?.usd, user.budget?.usd ?? usdDefault) ?? usdDefault;
  return {
    ...defaultHealBudget,
    // A judgement runs the whole suite for each side and each hunk, and its limits are its own.
    ...(kind === "judge" ? { wallMsMax: judgeMsMax } : {}),
    ...(kind === "plan" ? planLimits : {}),
    ...(kind === "solve" ? { attemptsMax: solveAttemptsMax } : {}),
    ...(seconds === undefined ? {} : { wallMsMax: Math.round(seconds * 1000) }),
    ...(attempts === undefined ? {} : { attemptsMax: attempts }),
    ...(flags.candidatesMax === undefined ? {} : { candidatesMax: flags.candidatesMax }),
    tokensMax: tokens,
    ...(requests === undefined ? {} : { requestsMax: requests }),
    costMicroUsdMax: Math.floor(usd * 1e6),
  };
}

/**
 * Whether somebody said what models may cost, now or when the run began; the default alone does not keep a model from being asked whose
 * price is not known.
 */
export function isCostLimited(
  flags: BudgetFlags,
  config: Config,
  user: UserConfig,
  begunWith: Readonly<Record<string, number>> = {},
): boolean {
  const { costMicroUsdMax = microUsdDefault } = begunWith;
  return (flags.usdMax ?? config.budget?.usd ?? user.budget?.usd) !== undefined || costMicroUsdMax !== microUsdDefault;
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

/** What a resumed run may use: as before, or what it has spent and so much more. */
export function resumeBudget(events: readonly RunEvent[], spent: Spending, flags: BudgetFlags): Budget {
  const before: Budget = { ...defaultHealBudget, ...lastBudget(events) };
  const { secondsMax, attemptsMax, candidatesMax, usdMax, tokensMax, requestsMax } = flags;
  return {
    ...before,
    ...(secondsMax === undefined ? {} : { wallMsMax: spent.wallMs + secondsMax * 1000 }),
    ...(attemptsMax === undefined ? {} : { attemptsMax: spent.attempts + attemptsMax }),
    ...(candidatesMax === undefined ? {} : { candidatesMax: spent.candidates + candidatesMax }),
    ...(usdMax === undefined ? {} : { costMicroUsdMax: spent.costMicroUsd + Math.round(usdMax * 1e6) }),
    ...(tokensMax === undefined ? {} : { tokensMax: spent.tokens + tokensMax }),
    ...(requestsMax === undefined ? {} : { requestsMax: spent.requests + requestsMax }),
  };
}
