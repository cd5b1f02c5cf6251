import type { ChangeKind, ReasonCode } from "@assay/sdk";
import type { ChangeEvidence } from "./change-evidence.ts";

/** Why a change is not accepted. Each rule is a question to the evidence; what it finds is a reason of the verdict. */
export type ChangeRule = {
  /** Stable name, for the published table. */
  id: string;
  applies: readonly ChangeKind[];
  /** `unusable`: the evidence does not even say no. */
  leadsTo: "unusable" | "rejected" | "inconclusive";
  code: ReasonCode;
  /** What it asks for, as one sentence of the published table. */
  says: string;
  find(evidence: ChangeEvidence): Finding | undefined;
};

export type Finding = { detail: string; subjects: readonly string[] };

export const allKinds: readonly ChangeKind[] = ["fix", "feature", "refactor"];
