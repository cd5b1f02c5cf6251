import type { Listing } from "@assay/sdk";
import type { RunListing, RunState } from "#engine";
import type { Owners } from "#ports";

export type ListedRun = Extract<Listing, { type: "run-listed" }>;

/** A run as the list shows it; one whose process is gone is `interrupted`. */
export function listedRun(listing: RunListing, owners: Owners): ListedRun {
  const { run, startedAt, lastEventAt } = listing;
  const common = { type: "run-listed", run, startedAt, lastEventAt } as const;
  if (listing.kind === "unreadable") return { ...common, status: "unreadable", summary: listing.fault.message };
  const { state } = listing;
  return {
    ...common,
    status: statusOf(state, owners),
    ...(state.result === undefined ? {} : { outcome: state.result.outcome }),
    summary: state.result?.summary ?? state.fault?.message ?? `${state.steps.length} steps finished`,
  };
}

function statusOf({ status, owner }: RunState, owners: Owners): ListedRun["status"] {
  if (status === "running") {
    return owner !== undefined && owners.liveness(owner) === "alive" ? "running" : "interrupted";
  }
  return status;
}
