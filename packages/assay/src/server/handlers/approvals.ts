import type { DecidingKey } from "@assay/sdk";
import { localKeyId } from "../auth/fixed-keys.ts";
import type { Caller } from "../caller.ts";
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
      const key = decidingKey(caller);
      const { kind, approval, at, finished } = await desk.project.approve(run, {
        approved: body.approved,
        ...(key === undefined ? {} : { key }),
        ...(body.by === undefined ? {} : { by: body.by }),
        ...(body.note === undefined ? {} : { note: body.note }),
      });
      return {
        kind,
        approved: approval.approved,
        by: approval.by,
        ...(approval.key === undefined ? {} : { key: approval.key }),
        at,
        finished,
      };
    },
  };
}

/** The local key stands for the account that the daemon runs under, which alone can read it. */
function decidingKey({ keyId, keyName = keyId, tenant }: Caller): DecidingKey | undefined {
  return keyId === localKeyId ? undefined : { id: keyId, name: keyName, tenant };
}
