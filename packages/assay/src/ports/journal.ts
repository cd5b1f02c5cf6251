import type { RunEvent, RunEventBody } from "@assay/sdk";
import type { RunId } from "#domain";

export type AppendRequest = {
  run: RunId;
  /** The `seq` of the run's last event the caller has seen; 0 for a new run. */
  expectedSeq: number;
  /** Appended all or none, in order. At least one. */
  events: readonly RunEventBody[];
  /** A second append with the same key in the same run changes nothing and returns the first one's events. */
  idempotencyKey: string;
};

export type AppendResult =
  | { kind: "appended"; events: RunEvent[] }
  /** The same key was appended before: its events. */
  | { kind: "duplicate"; events: RunEvent[] }
  /** Somebody appended in between: `actualSeq` is where the run stands now. */
  | { kind: "conflict"; actualSeq: number };

export type RunSummary = {
  run: RunId;
  events: number;
  startedAt: number;
  lastEventAt: number;
};

/** `unreadable`: what is there is not an event this version knows. */
export type TailEntry =
  | { position: number; run: RunId; kind: "event"; event: RunEvent }
  | { position: number; run: RunId; kind: "unreadable" };

/** Of what was made before there were tenants, and of whoever names none. */
export const defaultTenant = "default";

/**
 * The only commit point. One stream of events per run, `seq` from 1 without gaps.
 * - It is one tenant's: nothing of another tenant's can be read, appended to, listed or removed through it.
 * - An acknowledged append is readable, once, in order, also after `kill -9` and power loss.
 * - `append` and `read` throw a `FaultError`: `journal-corrupt` for a run whose events cannot be read or do not
 *   parse (other runs stay usable), `disk-full`, `state-not-writable`.
 * - What is read is parsed by the event schema, never trusted.
 */
export interface Journal extends AsyncDisposable {
  append(request: AppendRequest): Promise<AppendResult>;
  /** The run's events with `seq > after`, in order; empty for an unknown run. */
  read(run: RunId, after?: number): Promise<RunEvent[]>;
  /** Newest first. A corrupt run is listed too. */
  runs(): Promise<RunSummary[]>;
  /**
   * Events of all runs with `position > after`, at most `entriesMax`, in the order in which they were committed. Positions grow and may
   * have gaps; one is never used again. The chain of a run's events is not checked here: `read` does that.
   */
  tail(after: number, entriesMax: number): Promise<TailEntry[]>;
  /** The last position that was given, also where its event was removed since: it never goes back. 0: none was. */
  head(): Promise<number>;
  /** Calls back soon after anybody appended anything: at once for this process, within 100 ms for others. May call without cause. */
  watch(listener: () => void): Disposable;
  /** Takes a run out with all its events, for good; false where there is none. Whether it may go is the caller's to know. */
  remove(run: RunId): Promise<boolean>;
}
