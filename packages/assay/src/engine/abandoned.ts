import type { RunEvent } from "@assay/sdk";
import { addSpending, nothingSpent, type Spending } from "#domain";

/**
 * What earlier executions set aside for what has to be paid for, and never settled: they were interrupted or died while somebody was asked.
 * What that cost is not known, so the most that it can be counts as spent.
 */
export function abandonedSpending(events: readonly RunEvent[]): Spending {
  const open = new Map<string, Readonly<Record<string, number>>>();
  let lost = nothingSpent;
  for (const event of events) {
    if (event.type === "budget-reserved") open.set(event.scope, event.reserved);
    else if (event.type === "budget-settled") open.delete(event.scope);
    else if (event.type === "lease-claimed") {
      for (const reserved of open.values()) lost = addSpending(lost, reserved);
      open.clear();
    }
  }
  return lost;
}
