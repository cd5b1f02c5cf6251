import type { WorkerRole } from "@assay/sdk";
import { raise } from "#domain";

export type Registration = {
  name: string;
  role: WorkerRole;
  capabilities: readonly string[];
  /** Ed25519, SPKI in PEM. */
  publicKey: string;
};

export type RegisteredWorker = Registration & {
  id: string;
  /** Its results count as evidence, but for the sample that is done again. */
  attest: boolean;
  registeredAt: number;
  lastSeenAt: number;
  revoked?: { at: number; because: string };
  done: number;
  failed: number;
  reexecuted: { agreed: number; differed: number };
};

/** Workers of a tenant that are known. */
export const workersMax = 5_000;
/** A worker that nothing came of, and that was not seen for as long, makes room for a new one. */
export const forgottenAfterMs = 24 * 60 * 60_000;

/**
 * The workers of one tenant. They are known by their key: registering the same key again gives the same worker, with its grants and
 * its history, under its new name, role and capabilities; a revoked one stays revoked, for its first reason. What is asked of a worker
 * that the tenant does not have does nothing.
 */
export interface WorkerRegistry {
  /**
   * Throws a `FaultError` of code `key-invalid` for what is no Ed25519 public key, `rate-limited` for a new worker where `workersMax` are
   * known and none makes room.
   */
  register(registration: Registration): Promise<RegisteredWorker>;
  get(id: string): Promise<RegisteredWorker | undefined>;
  /** Why each worker that was revoked was, by its id. */
  revocations(): Promise<ReadonlyMap<string, string>>;
  /** In the order in which they came. */
  list(): Promise<RegisteredWorker[]>;
  /** `lastSeenAt` may lag: it is kept at most every 10 seconds. */
  seen(id: string): Promise<void>;
  grantAttest(id: string, granted: boolean): Promise<void>;
  revoke(id: string, because: string): Promise<void>;
  count(id: string, what: "done" | "failed" | "agreed" | "differed"): Promise<void>;
}

/** Throws `rate-limited`. */
export function refuseMoreWorkers(workersMax: number): never {
  raise(
    "rate-limited",
    `${workersMax} workers are known, more there may not be`,
    "give a worker that comes back the key that it had; one that did nothing makes room after a day of silence",
  );
}
