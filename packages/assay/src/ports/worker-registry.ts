import type { WorkerRole } from "@assay/sdk";

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

/**
 * The workers of one tenant. They are known by their key: registering the same key again gives the same worker, with its grants and
 * its history, under its new name, role and capabilities; a revoked one stays revoked, for its first reason. What is asked of a worker
 * that the tenant does not have does nothing.
 */
export interface WorkerRegistry {
  /** Throws a `FaultError` of code `key-invalid` for what is no Ed25519 public key. */
  register(registration: Registration): Promise<RegisteredWorker>;
  get(id: string): Promise<RegisteredWorker | undefined>;
  /** In the order in which they came. */
  list(): Promise<RegisteredWorker[]>;
  /** `lastSeenAt` may lag: it is kept at most every 10 seconds. */
  seen(id: string): Promise<void>;
  grantAttest(id: string, granted: boolean): Promise<void>;
  revoke(id: string, because: string): Promise<void>;
  count(id: string, what: "done" | "failed" | "agreed" | "differed"): Promise<void>;
}
