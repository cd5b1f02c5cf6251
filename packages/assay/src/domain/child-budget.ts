import { type Budget, nothingSpent, type Spending } from "./budget.ts";

type Dimension = keyof Spending;

const dimensions = Object.keys(nothingSpent) as Dimension[];

/**
 * What a part of a run may use: what is asked for, and of what nobody says anything about, all that is left. So a part is limited
 * wherever the whole is, and setting `limitsOf` it aside is enough for the whole never to exceed its own limits.
 */
export function childBudget(asked: Partial<Budget>, left: Budget): Budget {
  return { ...left, ...asked };
}

/** A part's limits as the most that it can spend. */
export function limitsOf(budget: Budget): Partial<Spending> {
  return Object.fromEntries(
    dimensions.flatMap((dimension) => {
      const limit = budget[`${dimension}Max`];
      return limit === undefined ? [] : [[dimension, limit]];
    }),
  );
}

/** An equal share of what is left, rounded down; at least one attempt and one candidate, so that it can do something at all. */
export function shareOf(left: Budget, shares: number): Budget {
  const share: Budget = { ...left };
  for (const dimension of dimensions) {
    const limit = left[`${dimension}Max`];
    if (limit !== undefined) share[`${dimension}Max`] = Math.floor(limit / Math.max(1, shares));
  }
  return {
    ...share,
    attemptsMax: Math.max(1, share.attemptsMax),
    candidatesMax: Math.max(1, share.candidatesMax),
  };
}

/** A part's limits and so much more of each dimension, as far as both are limited. */
export function raised(budget: Budget, more: Budget): Budget {
  const sum: Budget = { ...budget };
  for (const dimension of dimensions) {
    const name = `${dimension}Max` as const;
    const limit = budget[name];
    if (limit !== undefined) sum[name] = limit + (more[name] ?? 0);
  }
  return sum;
}
