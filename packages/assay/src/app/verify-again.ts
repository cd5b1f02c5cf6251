import { resolve, sep } from "node:path";
import type { Fault, Result } from "@assay/sdk";
import { fault, faultPolicy, raise } from "#domain";
import type { Snapshot } from "#ports";
import {
  loadTrustedKeys,
  type ReceiptCheck,
  type ReceiptContent,
  type RerunComparison,
  type Verification,
  verifyReceipt,
} from "#receipt";
import { findBase, openReproduction, type Reproduction, reproduce } from "./reproduction.ts";
import { runProjectOf } from "./run-project.ts";

export type VerifyAgainOptions = {
  /** The project the receipt is about. */
  repository?: string;
  trustedKeys?: string;
  rerun: boolean;
  /** Ends what is run again. */
  signal?: AbortSignal;
};

/** `rerun` is a check like the others: the same oracle, and the same outcome for each test. */
export type VerifyCheck = Omit<ReceiptCheck, "name"> & { name: ReceiptCheck["name"] | "rerun" };
export type VerifiedAgain = { checks: readonly VerifyCheck[]; verification: Omit<Result, "type"> };

/** Checks a receipt offline, and with `rerun` makes its evidence again in the sandbox, whatever the receipt says. */
export async function verifyAgain(path: string, options: VerifyAgainOptions): Promise<VerifiedAgain> {
  const trusted = await loadTrustedKeys(options.trustedKeys);
  const root = options.repository ?? (options.rerun ? projectOf(path) : undefined);
  await using project = root === undefined ? undefined : await openReproduction(root);
  let base: Snapshot | undefined;
  const verification = await verifyReceipt(path, {
    trusted,
    ...(project === undefined
      ? {}
      : {
          repository: async (receipt) => {
            base = await findBase(project, receipt);
            return [repositoryCheck(project, base)];
          },
        }),
  });
  const checks: VerifyCheck[] = [...verification.checks];
  const mayRerun = verification.kind === "verified" || verification.kind === "signer-unknown";
  if (options.rerun && project !== undefined && base !== undefined && mayRerun && isWhole(verification.receipt)) {
    const comparison = await reproduce(project, base, verification.receipt, options.signal);
    // What was ended says nothing about the receipt.
    if (options.signal?.aborted) raise("interrupted", "the tests were ended before they were done", "verify it again");
    checks.push(rerunCheck(comparison));
    if (comparison.kind === "differs") return { checks, verification: failed(rerunFault(comparison)) };
  }
  return { checks, verification: conclude(verification) };
}

function isWhole(receipt: ReceiptContent | undefined): receipt is Required<ReceiptContent> {
  return receipt?.evidence !== undefined && receipt.patch !== undefined;
}

/**
 * A bundle in a project's own state directory is about that project, or about the one that its run made for itself; any other is about
 * where the user is.
 */
function projectOf(path: string): string {
  const own = runProjectOf(path);
  if (own !== undefined) return own;
  const absolute = resolve(path);
  const state = absolute.lastIndexOf(`${sep}.assay${sep}runs${sep}`);
  return state === -1 ? process.cwd() : absolute.slice(0, state);
}

function repositoryCheck({ root }: Reproduction, base: Snapshot | undefined): Omit<ReceiptCheck, "name"> {
  return base === undefined
    ? { status: "failed", detail: `${root} is neither at the receipt's base revision nor at base and patch` }
    : {
        status: "ok",
        detail: `${root} has the receipt's base revision, as its tree (with or without the patch) or as a commit`,
      };
}

function rerunCheck(comparison: RerunComparison): VerifyCheck {
  return comparison.kind === "reproduced"
    ? {
        name: "rerun",
        status: "ok",
        detail: `${comparison.tests} tests gave the same outcomes against the same oracle`,
      }
    : { name: "rerun", status: "failed", detail: describeDifferences(comparison) };
}

const differencesShown = 5;

function describeDifferences({ differences }: Extract<RerunComparison, { kind: "differs" }>): string {
  const shown = differences.slice(0, differencesShown).map((difference) => {
    switch (difference.kind) {
      case "outcome":
        return `${difference.test} was ${difference.expected}, is ${difference.actual}`;
      case "control":
        return `the control of ${difference.test} was ${difference.expected}, is ${difference.actual}`;
      case "unexpected-test":
        return `${difference.test} was not there, is ${difference.actual}`;
      case "ended-early":
        return `the run was ended: ${difference.termination}`;
      default:
        return `${difference.kind} was ${difference.expected}, is ${difference.actual}`;
    }
  });
  const more = differences.length - shown.length;
  return `${shown.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}

function conclude(verification: Verification): Omit<Result, "type"> {
  switch (verification.kind) {
    case "verified": {
      const { assay } = verification.receipt.statement.predicate;
      return {
        outcome: assay.verdict.kind === "accepted" ? "accepted" : assay.verdict.kind,
        exitCode: 0,
        summary: `Verified: ${assay.verdict.kind}, level ${assay.level}, signed by ${verification.receipt.keyid.slice(0, 16)}….`,
        verdict: assay.verdict,
      };
    }
    case "incomplete":
      return { outcome: "inconclusive", exitCode: 3, summary: verification.message };
    case "invalid":
    case "mismatch":
    case "signer-unknown":
      return failed(verification.fault);
  }
}

function failed(cause: Fault): Omit<Result, "type"> {
  const { exitCode } = faultPolicy(cause.code);
  return { outcome: exitCode === 3 ? "inconclusive" : "rejected", exitCode, summary: cause.message, fault: cause };
}

function rerunFault(comparison: Extract<RerunComparison, { kind: "differs" }>): Fault {
  return fault("receipt-mismatch", `the evidence could not be reproduced: ${describeDifferences(comparison)}`);
}
