import type { CircuitChange, CircuitLevel, CircuitView } from "@assay/sdk";
import type { EngineOptions } from "#engine";
import type { Blobs, Journal } from "#ports";
import type { AttestationDesk } from "#workflows";
import type { TenantWork } from "../rpc/tenant-work.ts";

/** The circuit breakers of one tenant that outlive runs. */
export type CircuitBook = {
  list(level?: CircuitLevel): CircuitView[];
  /** Newest first. */
  history(changesMax: number, circuit: string): Promise<CircuitChange[]>;
  /** Throws `not-found` for a circuit that nothing was heard of. */
  reset(circuit: string, by: string, reason: string): Promise<CircuitView>;
};

/** Where a tenant's records are. */
export type TenantPlace = { tenant: string; journal: Journal; blobs: Blobs; database: string };

/** What a tenant has besides its runs; each absent where it is not served. */
export type TenantServices = {
  /** What its engine has besides journal and blobs: the queue for workers, the circuits. */
  engine?: Partial<EngineOptions>;
  circuits?: CircuitBook;
  /** What decides about testers' reports. */
  attestation?: AttestationDesk;
  work?: Omit<TenantWork, "blobs">;
  /** When the tenant's runs have ended and before its journal is closed. */
  close?: () => Promise<void>;
};

/** Opens them with the tenant; what follows a journal begins here. */
export type OpenServices = (place: TenantPlace) => Promise<TenantServices>;
