import type { ViolationKind } from "@assay/sdk";
import type { Blobs, Claim, RegisteredWorker, WorkerRegistry, WorkQueue } from "#ports";

/** What a worker says was other than expected, while it held the claim. Its words are untrusted text. */
export type ReportedViolation = {
  kind: ViolationKind;
  expected: string;
  observed: string;
  subjects: readonly string[];
};

/** What one tenant's workers work on. */
export type TenantWork = {
  queue: WorkQueue;
  registry: WorkerRegistry;
  blobs: Blobs;
  /** Told what a worker reports; without it a report is refused as `not-found`. */
  violation?: (claim: Claim, worker: RegisteredWorker, violation: ReportedViolation) => Promise<void>;
};
