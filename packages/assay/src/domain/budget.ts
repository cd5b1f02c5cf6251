/** What a run may use. Absent: not limited by that dimension. */
export type Budget = {
  wallMsMax: number;
  candidatesMax: number;
  attemptsMax: number;
  /** Of models and agents, tries that failed included. */
  requestsMax?: number;
  tokensMax?: number;
  costMicroUsdMax?: number;
};

export type Spending = {
  wallMs: number;
  candidates: number;
  attempts: number;
  requests: number;
  tokens: number;
  costMicroUsd: number;
};

/** As people call it. */
export const spendingNames: Record<keyof Spending, string> = {
  wallMs: "time",
  candidates: "candidates",
  attempts: "attempts",
  requests: "requests to models",
  tokens: "tokens",
  costMicroUsd: "money",
};

export const nothingSpent: Spending = {
  wallMs: 0,
  candidates: 0,
  attempts: 0,
  requests: 0,
  tokens: 0,
  costMicroUsd: 0,
};

export const defaultHealBudget: Budget = { wallMsMax: 10 * 60_000, candidatesMax: 20_000, attemptsMax: 10 };

export function addSpending(a: Spending, b: Partial<Spending>): Spending {
  return {
    wallMs: a.wallMs + (b.wallMs ?? 0),
    candidates: a.candidates + (b.candidates ?? 0),
    attempts: a.attempts + (b.attempts ?? 0),
    requests: a.requests + (b.requests ?? 0),
    tokens: a.tokens + (b.tokens ?? 0),
    costMicroUsd: a.costMicroUsd + (b.costMicroUsd ?? 0),
  };
}

/** What is left of a budget; never negative. */
export function remaining(budget: Budget, spent: Spending): Budget {
  const left: Budget = {
    wallMsMax: Math.max(0, budget.wallMsMax - spent.wallMs),
    candidatesMax: Math.max(0, budget.candidatesMax - spent.candidates),
    attemptsMax: Math.max(0, budget.attemptsMax - spent.attempts),
  };
  if (budget.requestsMax !== undefined) left.requestsMax = Math.max(0, budget.requestsMax - spent.requests);
  if (budget.tokensMax !== undefined) left.tokensMax = Math.max(0, budget.tokensMax - spent.tokens);
  if (budget.costMicroUsdMax !== undefined) {
    left.costMicroUsdMax = Math.max(0, budget.costMicroUsdMax - spent.costMicroUsd);
  }
  return left;
}

export type Admission = { kind: "admitted" } | { kind: "refused"; dimension: keyof Spending };

/**
 * Admission control: the worst case is reserved before the work, and settled with what was really spent after it.
 * Refused when spent and reserved and the new worst case together would pass a limit.
 */
export function admit(budget: Budget, spent: Spending, reserved: Spending, worstCase: Partial<Spending>): Admission {
  const total = addSpending(addSpending(spent, reserved), worstCase);
  const limits: [keyof Spending, number | undefined][] = [
    ["wallMs", budget.wallMsMax],
    ["candidates", budget.candidatesMax],
    ["attempts", budget.attemptsMax],
    ["requests", budget.requestsMax],
    ["tokens", budget.tokensMax],
    ["costMicroUsd", budget.costMicroUsdMax],
  ];
  for (const [dimension, limit] of limits) {
    if (limit !== undefined && total[dimension] > limit) return { kind: "refused", dimension };
  }
  return { kind: "admitted" };
}
