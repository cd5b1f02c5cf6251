import type { Digest } from "@assay/sdk";
import type { RunId } from "#domain";

export type RunRequest = {
  tenant: string;
  /** What the client calls its request. */
  key: string;
  /** Of what it asks for. */
  digest: Digest;
  /** The id that the run gets, chosen before it is made. */
  run: RunId;
};

/**
 * Which run each request was given, so that a request that is sent again gives the same one.
 * - The first reservation of a key in a tenant counts, also after `kill -9`: whoever comes later is told its run and its digest.
 * - Throws a `FaultError`: `disk-full`, `state-not-writable`, `run-locked`.
 */
export interface RequestLog {
  reserve(request: RunRequest): Promise<{ run: RunId; digest: Digest }>;
}
