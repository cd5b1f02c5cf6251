import type { Handlers } from "../handlers.ts";
import type { TenantRuns } from "./tenant-runs.ts";

/** What waits for a person. */
export function approvalHandlers(runs: TenantRuns): Pick<Handlers, "listApprovals" | "decideApproval"> {
  return {
    listApprovals: async (call) => {
      const { book } = await runs.of(call);
      return { items: await book.approvals() };
    },
    decideApproval: async (call) => {
      const { desk, run } = await runs.named(call);
      const { caller, body } = call;
      // Who sent it by another key than that of the daemon's own account is not that account.
      const by = body.by ?? (caller.keyId === "local" ? undefined : `key ${caller.keyId}`);
      const { kind, approval, at, finished } = await desk.project.approve(run, {
        approved: body.approved,
        ...(by === undefined ? {} : { by }),
        ...(body.note === undefined ? {} : { note: body.note }),
      });
      return { kind, approved: approval.approved, by: approval.by, at, finished };
    },
  };
}
