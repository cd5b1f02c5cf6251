import type { Handlers } from "../handlers.ts";
import { pageOfEach, readCursor } from "../projections/cursor.ts";
import type { TenantRuns } from "./tenant-runs.ts";

/** What runs may use, newest run first. */
export function budgetHandlers(runs: TenantRuns): Pick<Handlers, "listBudgets"> {
  return {
    listBudgets: async (call) => {
      const { book } = await runs.of(call);
      const { cursor } = call.query;
      const from = cursor === undefined ? undefined : readCursor(cursor);
      return pageOfEach(book.budgets(from), ({ run }) => run, call.query);
    },
  };
}
