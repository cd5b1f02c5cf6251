import type { BudgetView, RunEvent } from "@assay/sdk";
import { type Budget, defaultHealBudget, remaining, type Spending } from "#domain";
import { lastBudget } from "#engine";

/** What a run may use, has used and has left, by the names of `Spending`. Pure. */
export function budgetView(run: string, events: readonly RunEvent[], spent: Spending): BudgetView {
  const budget: Budget = { ...defaultHealBudget, ...lastBudget(events) };
  return { run, total: amounts(budget), spent: { ...spent }, remaining: amounts(remaining(budget, spent)) };
}

/** `wallMsMax` limits `wallMs`, and so on; what is not limited is left out. */
function amounts(budget: Budget): Record<string, number> {
  const entries = Object.entries(budget).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return Object.fromEntries(entries.map(([name, amount]) => [name.replace(/Max$/, ""), amount]));
}
