import { type Digest, digestSchema, type Verdict } from "@assay/sdk";
import type { ModelDescription } from "#ports";

export type AcceptedVerdict = Verdict & { kind: "accepted" };

export function isAccepted(verdict: Verdict): verdict is AcceptedVerdict {
  return verdict.kind === "accepted";
}

/** A file before and after, as text; `undefined`: there is none. */
export type ChangedFile = { path: string; before?: string; after?: string };

/** A candidate that the evidence speaks for. Nothing else can be ranked. */
export type ProvenCandidate = {
  id: string;
  verdict: AcceptedVerdict;
  /** Digests of the evidence that was recorded of this candidate; the verdict cites none but these. */
  evidence: readonly Digest[];
  /** The model that wrote it, or that an agent wrote it with; absent where no model did. */
  author?: Pick<ModelDescription, "id" | "family">;
  files: readonly ChangedFile[];
};

/**
 * Throws an `Error`, a defect of the caller, unless the candidate is proven: accepted, with evidence cited that was recorded of it.
 * Types say the same; this also holds for what was read back from a record.
 */
export function requireProven(candidate: ProvenCandidate): void {
  const { id, verdict, evidence } = candidate;
  const refuse = (why: string): never => {
    throw new Error(`candidate ${id} cannot be ranked: ${why}`);
  };
  if (verdict?.kind !== "accepted") refuse(`its verdict is ${verdict?.kind ?? "missing"}, not accepted`);
  if (verdict.evidence.length === 0) refuse("its verdict cites no evidence");
  const recorded = new Set<string>(evidence);
  for (const digest of verdict.evidence) {
    if (!digestSchema.safeParse(digest).success) refuse(`${digest} is no digest of evidence`);
    if (!recorded.has(digest)) refuse(`its verdict cites ${digest}, which was not recorded of it`);
  }
}
