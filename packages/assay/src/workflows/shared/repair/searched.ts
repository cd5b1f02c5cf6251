import type { Ambiguity, Fault } from "@assay/sdk";
import type { Proposal, Proposer } from "#ports";
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
export type Effort = Pick<Proposer, "name" | "instance"> & {
  tried: Readonly<Record<string, number>>;
  wallMs: number;
  costMicroUsd: number;
};

/** By `proposerKey`. */
export type Efforts = Readonly<Record<string, Effort>>;

/** Tells proposers apart, also those of one name. */
export function proposerKey({ name, instance }: Pick<Proposer, "name" | "instance">): string {
  return instance === undefined ? name : `${name}:${instance}`;
}

export const nothingSearched: Searched = { judged: [], tried: 0, efforts: {}, suspects: [], faults: [] };

/** The search so far with one more proposal. */
export function withProposal(before: Searched, proposer: Proposer, proposal: Proposal): Searched {
  const { wallMs, costMicroUsd } = proposal.spent;
  const { name, instance } = proposer;
  const who = { name, ...(instance === undefined ? {} : { instance }) };
  const effort = { ...who, tried: proposal.methods ?? {}, wallMs, costMicroUsd };
  return {
    ...before,
    tried: before.tried + proposal.tried,
    efforts: addEfforts(before.efforts, { [proposerKey(proposer)]: effort }),
    suspects: proposal.suspects.length > 0 ? proposal.suspects : before.suspects,
    faults: proposal.fault === undefined ? before.faults : [...before.faults, proposal.fault],
  };
}

/** Two searches for one goal, as one. */
export function addUp<S extends Searched>(first: Searched, second: S): S {
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
    const { tried: earlier, wallMs, costMicroUsd } = total[proposer] ?? { tried: {}, wallMs: 0, costMicroUsd: 0 };
    const tried: Record<string, number> = { ...earlier };
    for (const [method, count] of Object.entries(effort.tried)) tried[method] = (tried[method] ?? 0) + count;
    total[proposer] = {
      ...effort,
      tried,
      wallMs: wallMs + effort.wallMs,
      costMicroUsd: costMicroUsd + effort.costMicroUsd,
    };
  }
  return total;
}
