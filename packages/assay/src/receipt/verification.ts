import type { Fault, ReceiptStatement, Verdict } from "@assay/sdk";
import type { GatheredEvidence } from "./statement.ts";

/**
 * What is looked at, in this order. `form`: it can be read; `files`: nothing missing, nothing more, every byte as signed;
 * `evidence`: observations parse; `claims`: everything derived from the evidence is what is claimed; `baseline`: what was to be
 * healed was red before; `verdict`: judging the evidence again gives the claimed verdict; `repository`: it is about this project.
 */
export type CheckName =
  | "form"
  | "signature"
  | "files"
  | "evidence"
  | "claims"
  | "baseline"
  | "verdict"
  | "repository"
  | "signer";

/** `unknown`: could not be looked at with what is at hand. */
export type ReceiptCheck = { name: CheckName; status: "ok" | "failed" | "unknown"; detail: string };

/** A receipt's content, once its form could be read; only as true as the outcome beside it says. */
export type ReceiptContent = {
  keyid: string;
  statement: ReceiptStatement;
  /** Present when every byte of them matched its digest. */
  evidence?: readonly GatheredEvidence[];
  patch?: Uint8Array;
};

/**
 * What verification found; the first of these that applies. Only `verified` says yes.
 * `mismatch`: something was changed, is missing or does not follow from the evidence; `signer-unknown`: all is in order, but
 * signed by a key that is not trusted; `incomplete`: nothing is wrong, but something could not be checked.
 */
export type Verification =
  | { kind: "verified"; receipt: Required<ReceiptContent>; checks: readonly ReceiptCheck[] }
  | {
      kind: "invalid" | "mismatch" | "signer-unknown";
      fault: Fault;
      receipt?: ReceiptContent;
      checks: readonly ReceiptCheck[];
    }
  | { kind: "incomplete"; message: string; receipt: ReceiptContent; checks: readonly ReceiptCheck[] };

/** Judges evidence again; `domain`'s `judge` or `judgeChange`, unless a caller has its own. */
export type Rejudge = (
  expectation: ReceiptStatement["predicate"]["assay"]["expectation"],
  cited: readonly GatheredEvidence[],
) => Verdict;
