import type { Ambiguity, Fault } from "@assay/sdk";
import type { Proposal } from "#ports";
import type { Judged } from "./check.ts";

/** What came of asking everybody who may be asked. */
export type Searched = {
  /** The first candidate that was accepted. */
  proven?: Judged;
  /** Further changes that would be accepted, and do something else; the accepted one comes first. */
  ambiguity?: Ambiguity;
  /** Other plausible changes, of which nobody could find out whether they do the same as the proven one. */
  uncompared?: number;
  /** In the order in which they were proposed. */
  judged: readonly Judged[];
  tried: number;
  efforts: Efforts;
  suspects: Proposal["suspects"];
  /** Why proposers could not be asked, in the order in which that was seen. */
  faults: readonly Fault[];
};

/** What a proposer took: candidates by method, time, money. */
type Effort = { tried: Readonly<Record<string, number>>; wallMs: number; costMicroUsd: number };

/** By proposer. */
export type Efforts = Readonly<Record<string, Effort>>;

export const nothingSearched: Searched = { judged: [], tried: 0, efforts: {}, suspects: [], faults: [] };

/** The search so far with one more proposal. */
export function withProposal(before: Searched, proposer: string, proposal: Proposal): Searched {
  const { wallMs, costMicroUsd } = proposal.spent;
  return {
    ...before,
    tried: before.tried + proposal.tried,
    efforts: addEfforts(before.efforts, { [proposer]: { tried: proposal.methods ?? {}, wallMs, costMicroUsd } }),
    suspects: proposal.suspects.length > 0 ? proposal.suspects : before.suspects,
    faults: proposal.fault === undefined ? before.faults : [...before.faults, proposal.fault],
  };
}

/** Two searches for one goal, as one. */
export function addUp(first: Searched, second: Searched): Searched {
  return {
    ...second,
    judged: [...first.judged, ...second.judged],
    tried: first.tried + second.tried,
    efforts: addEfforts(first.efforts, second.efforts),
    suspects: second.suspects.length > 0 ? second.suspects : first.suspects,
    faults: [...first.faults, ...second.faults],
  };
}

/** Two efforts of the same proposers, added up. */
export function addEfforts(a: Efforts, b: Efforts): Efforts {
  const total: Record<string, Effort> = { ...a };
  for (const [proposer, effort] of Object.entries(b)) {
    const before = total[proposer] ?? noEffort;
    const tried = { ...before.tried };
    for (const [method, count] of Object.entries(effort.tried)) tried[method] = (tried[method] ?? 0) + count;
    const wallMs = before.wallMs + effort.wallMs;
    total[proposer] = { tried, wallMs, costMicroUsd: before.costMicroUsd + effort.costMicroUsd };
  }
  return total;
}

const noEffort: Effort = { tried: {}, wallMs: 0, costMicroUsd: 0 };
