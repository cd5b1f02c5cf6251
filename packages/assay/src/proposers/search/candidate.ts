import type { Candidate } from "@assay/sdk";
import { digestOf } from "#ports";
import { describeTrial } from "./describe.ts";
import { editOf } from "./edit-of.ts";
import type { Trial } from "./trials.ts";

/** The same for the same edit, whenever it is proposed. */
export function candidateId(trial: Trial): string {
  return `search-${digestOf(JSON.stringify(editOf(trial))).slice(-16)}`;
}

export function candidateOf(trial: Trial): Candidate {
  return {
    id: candidateId(trial),
    edits: [editOf(trial)],
    provenance: {
      proposer: "search",
      method: trial.edit.operator,
      summary: describeTrial(trial),
      rank: trial.rank,
    },
  };
}
