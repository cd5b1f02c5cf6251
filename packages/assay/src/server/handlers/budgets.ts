import type { Handlers } from "../handlers.ts";
import { pageBy } from "../projections/cursor.ts";
import type { TenantRuns } from "./tenant-runs.ts";

/** What runs may use, newest run first. */
export function budgetHandlers(runs: TenantRuns): Pick<Handlers, "listBudgets"> {
  return {
    listBudgets: async (call) => {
      const { book } = await runs.of(call);
      const budgets = [];
      for await (const { facts } of book.entries()) if (facts !== undefined) budgets.push(facts.budget);
      return pageBy(budgets, ({ run }) => run, call.query);
    },
  };
}
