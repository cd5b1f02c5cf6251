import type { Digest, TaskKind } from "@assay/sdk";

/** Where an executor's work happens, and what it may ask for. */
export type WorkContext = {
  /** Bytes that the task refers to; checked against their digest. */
  fetch: (digest: Digest) => Promise<Uint8Array>;
  /** Everything is laid out; the work itself begins. */
  begin: () => void;
  /** Aborts on a lost claim, an emergency stop, or when the worker's time is up. */
  signal: AbortSignal;
};

/**
 * Does tasks of one kind: the output document for an input document that its schema has accepted. What it rejects with, a `FaultError`
 * for choice, is reported as a failure.
 */
export type Executor = (input: unknown, context: WorkContext) => Promise<unknown>;

export type Executors = Partial<Record<TaskKind, Executor>>;
