import { observationSchema, type ReceiptStatement, type Verdict } from "@assay/sdk";
import { FaultError, raise } from "#domain";
import { canonicalJson } from "#ports";
import { parseCanonicalJson } from "./bounded-json.ts";
import { observationPath } from "./bundle-layout.ts";
import { buildStatement, citedEvidence, type GatheredEvidence } from "./statement.ts";
import type { ReceiptCheck, Rejudge } from "./verification.ts";

/** Parses the observations a statement names out of their bytes. Throws a `FaultError` of code `receipt-invalid`. */
export function parseEvidence(
  statement: ReceiptStatement,
  contents: ReadonlyMap<string, Uint8Array>,
): GatheredEvidence[] {
  return statement.predicate.assay.evidence.map(({ digest, purpose }) => {
    const bytes = contents.get(observationPath(digest)) ?? raise("receipt-invalid", `evidence ${digest} is not there`);
    const parsed = observationSchema.safeParse(parseCanonicalJson(bytes, `evidence ${digest}`));
    if (!parsed.success) raise("receipt-invalid", `evidence ${digest} is not an observation`);
    return { digest, purpose, observation: parsed.data };
  });
}

/** Makes the statement again from its evidence: whatever can be derived must come out as it was signed. */
export function checkClaims(statement: ReceiptStatement, evidence: readonly GatheredEvidence[]): ReceiptCheck {
  const claims = statement.predicate.assay;
  const { gitCommit: commit, dirty } = claims.base;
  const { runner: _runner, runnerVersion: _runnerVersion, ...environment } = claims.environment;
  try {
    const again = buildStatement({
      assayVersion: claims.assayVersion,
      runId: claims.runId,
      issuedAt: claims.issuedAt,
      ...(commit === undefined ? {} : { git: { commit, dirty: dirty ?? false } }),
      provenance: claims.patch.provenance,
      ...(claims.patchedTree === undefined ? {} : { patchedTree: claims.patchedTree }),
      environment,
      expectation: claims.expectation,
      verdict: claims.verdict,
      evidence,
    });
    if (canonicalJson(again) === canonicalJson(statement)) {
      return {
        name: "claims",
        status: "ok",
        detail: "subjects, tests, isolation and digests follow from the evidence",
      };
    }
    return { name: "claims", status: "failed", detail: "what is claimed does not follow from the evidence" };
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    return { name: "claims", status: "failed", detail: error.fault.message };
  }
}

/** Judges the cited evidence again; the verdict must come out as claimed, down to the codes and subjects of its reasons. */
export function checkVerdict(
  statement: ReceiptStatement,
  evidence: readonly GatheredEvidence[],
  rejudge: Rejudge,
): ReceiptCheck {
  const { expectation, verdict } = statement.predicate.assay;
  const again = rejudge(expectation, citedEvidence(evidence, verdict));
  if (substanceOf(again) === substanceOf(verdict)) {
    return { name: "verdict", status: "ok", detail: `judging the evidence again gives ${verdict.kind}` };
  }
  const detail =
    again.kind === verdict.kind
      ? `judging the evidence again gives ${again.kind} for other reasons or at another level`
      : `claimed ${verdict.kind}, but judging the evidence again gives ${again.kind}`;
  return { name: "verdict", status: "failed", detail };
}

/** A verdict without its prose: a later version may word its reasons differently. */
function substanceOf(verdict: Verdict): string {
  return canonicalJson({ ...verdict, reasons: verdict.reasons.map(({ code, subjects }) => ({ code, subjects })) });
}
