import type { Digest, ReleaseReason, TaskKind, TraceContext, WorkerRole } from "@assay/sdk";
import type { RunId } from "#domain";

/** A unit of work for somebody else; its input is a document in the store. */
export type TaskOffer = {
  run: RunId;
  /** Unique in its run. */
  task: string;
  kind: TaskKind;
  role: WorkerRole;
  /** All of them are needed. */
  capabilities: readonly string[];
  input: Digest;
  /** How long a claim holds without a heartbeat. */
  leaseMs: number;
  /** Claims that may end without a result before the task has failed; those that this side stopped, or that were given back, are not counted. */
  triesMax: number;
  /** Not finished by then: it has failed, and a claim of it is void, heartbeats or not. Absent: it waits until it is withdrawn. */
  waitMsMax?: number;
  /** Of whoever asked for the run: a worker's spans stand below it. */
  trace?: TraceContext;
};

/** A unit of work for a worker, as a workflow asks for it. */
export type Delegation = {
  kind: TaskKind;
  role: WorkerRole;
  /** All of them are needed. Default: none. */
  capabilities?: readonly string[];
  /** What its kind wants, as `workDocumentSchemas` of the sdk has it; at most 32 MiB as JSON. */
  input: unknown;
  /** How long a claim holds without a heartbeat. Default 60,000. */
  leaseMs?: number;
  /** Claims that may end without a result. Default 3. */
  triesMax?: number;
  /** As of an offer, counted anew when the run is taken up again; never more than the time that the run has left. */
  waitMsMax?: number;
};

/** What came of it. `failed`: a worker said that it cannot be done, the tries were used up, or nobody took it. */
export type Delegated<T> =
  | {
      kind: "done";
      /** Its name in the run. */
      task: string;
      value: T;
      worker: string;
      token: number;
      output: Digest;
      /** The worker's signed statement. */
      statement?: Digest;
      attempts: number;
      durationMs: number;
    }
  | { kind: "failed"; detail: string; attempts: number; durationMs: number };

/** A worker's time-limited right to a task. `token`: the `seq` of the journaled claim; greater ones make smaller ones void. */
export type Claim = { offer: TaskOffer; worker: string; token: number; attempt: number; leaseUntil: number };

/** Whose a claim is, and what it is about. */
export type Holding = { worker: string; input: Digest };

export type TaskResult = {
  outcome: "done" | "failed";
  /** The output document, kept in the store before it is reported. */
  output?: Digest;
  /** The signed statement about it, kept likewise. */
  statement?: Digest;
  detail: string;
};

/** What is wrong with a result, in a sentence for whoever reported it; `undefined`: nothing. Must not throw. */
export type ExamineResult = (result: TaskResult) => Promise<string | undefined>;

/** How an offered task ended. */
export type TaskEnd = TaskResult & { worker?: string; token?: number; attempts: number; durationMs: number };

/** `lost`: the token is not, or no longer, the task's valid one; whoever holds it stops and reports nothing. */
export type Standing = { kind: "held"; leaseUntil: number } | { kind: "lost" };

/**
 * Tasks between who offers them and workers. A projection: every offer, claim, release and end is an event of the task's run before
 * anybody may act on it, and the queue can be rebuilt from those.
 * - At any time at most one token of a task is valid. A claim that was released, expired or revoked never comes back.
 * - A result counts once: with the valid token, before anybody else's. Reported again with the same token it is `finished` again.
 * - An offered task is claimed by a worker of its role that has all its capabilities, the oldest offer first; nobody starves.
 */
export interface WorkQueue {
  /**
   * Settles when the task is finished; rejects with the signal's reason when it aborts: the task is then withdrawn, and a claim of it
   * is released as `stopped`. A result of a worker with which `examine` finds something wrong is a try without a result.
   */
  offer(offer: TaskOffer, signal: AbortSignal, examine?: ExamineResult): Promise<TaskEnd>;
  /** Waits for a task until the signal aborts or the worker is revoked: then `undefined`. */
  claim(
    worker: { id: string; role: WorkerRole; capabilities: readonly string[] },
    signal: AbortSignal,
  ): Promise<Claim | undefined>;
  heartbeat(run: RunId, task: string, token: number): Promise<Standing>;
  /** What is held by the token, also while the task's run was not taken up again after a restart; `undefined`: it is not valid. */
  holding(run: RunId, task: string, token: number): Promise<Holding | undefined>;
  /** Whose result it was that the task was finished with under the token, restarts in between or not. */
  finisherOf(run: RunId, task: string, token: number): Promise<string | undefined>;
  /** `refused`: the token is not the valid one, or is no longer because the result was of no use. */
  finish(run: RunId, task: string, token: number, result: TaskResult): Promise<"finished" | "refused">;
  /** Ends a claim; the task is offered again until its tries are used up. */
  release(run: RunId, task: string, token: number, reason: ReleaseReason, detail: string): Promise<void>;
  /** Makes all claims of a worker void at once. `revoked` stays with the worker: what the journal has of its claims is void as well. */
  revoke(worker: string, reason: ReleaseReason, detail: string): Promise<void>;
  depth(): { queued: number; claimed: number };
  claimsOf(worker: string): readonly Claim[];
}
