import { setTimeout as delay } from "node:timers/promises";
import type { WorkerState } from "@assay/sdk";
import type { SpanExport } from "#app";
import { type Disposition, defaultRetry, FaultError, fault, faultPolicy, retryDelayMs } from "#domain";
import { ReleaseReason, State, type Task } from "#wire";
import { doTask, type TaskOutcome } from "./do-task.ts";
import type { Executors } from "./executor.ts";
import { FailureRow } from "./failure-row.ts";
import { Holdings } from "./holdings.ts";
import { Link, type LinkOptions, type Membership } from "./link.ts";

export type WorkerEvent =
  | ({ kind: "joined" } & Membership)
  | { kind: "state"; state: WorkerState; task: string }
  | ({ kind: "finished"; task: string } & TaskOutcome)
  | { kind: "dropped"; task: string; because: string }
  | { kind: "stopped"; reason: string }
  | { kind: "lost"; because: string; retryMs: number };

export type WorkerOptions = LinkOptions & {
  /** Tasks at the same time, 1 to 64. */
  concurrency: number;
  executors: Executors;
  /** Where spans go of what it does, below those of the runs that it does it for. Default: nowhere. */
  spans?: SpanExport | undefined;
  /** No more tasks are claimed; those that it has are finished, or given back after `graceMsMax`. */
  signal: AbortSignal;
  graceMsMax: number;
  onEvent: (event: WorkerEvent) => void;
};

const wireStates: Record<WorkerState, State> = {
  idle: State.IDLE,
  receive: State.RECEIVE,
  plan: State.PLAN,
  execute: State.EXECUTE,
  report: State.REPORT,
};

/**
 * Works until the signal aborts. A lost connection is tried again for ever, with growing pauses. Rejects with a `FaultError` when there
 * is no use in that: the key is not good, the worker was revoked or started elsewhere, or no daemon was ever there.
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  using link = new Link(options);
  const worker = new RunningWorker(link, options);
  await worker.run();
}

class RunningWorker {
  readonly #link: Link;
  readonly #options: WorkerOptions;
  readonly #holdings = new Holdings();
  /** Aborts when there is nothing left to say to the daemon. */
  readonly #over = new AbortController();
  #fatal: FaultError | undefined;

  constructor(link: Link, options: WorkerOptions) {
    this.#link = link;
    this.#options = options;
  }

  async run(): Promise<void> {
    const leaving = AbortSignal.any([this.#options.signal, this.#over.signal]);
    const loops = [
      this.#persist(leaving, (heard) => this.#claim(leaving, heard)),
      this.#persist(this.#over.signal, (heard) => this.#listen(heard)),
      this.#persist(this.#over.signal, (heard) => this.#beat(heard)),
    ];
    await loops[0];
    if (this.#fatal === undefined) await this.#leave();
    this.#over.abort();
    this.#holdings.abortAll(this.#fatal ?? new Error("the worker leaves"));
    await Promise.all([...loops, this.#holdings.settled()]);
    if (this.#fatal !== undefined) throw this.#fatal;
  }

  /** Does something again and again, pausing longer after each failure in a row; `heard` tells that the daemon answers. */
  async #persist(signal: AbortSignal, once: (heard: () => void) => Promise<void>): Promise<void> {
    const row = new FailureRow();
    while (!signal.aborted) {
      try {
        await once(() => row.heard());
        row.succeeded();
      } catch (error) {
        if (signal.aborted) return;
        const cause =
          error instanceof FaultError ? error : new FaultError(fault("defect", String(error)), { cause: error });
        if (!isWorthTrying(cause)) {
          this.#fatal ??= cause;
          this.#over.abort();
          return;
        }
        const retryMs = retryDelayMs(defaultRetry, row.failed(), Math.random);
        this.#options.onEvent({ kind: "lost", because: cause.fault.message, retryMs: Math.round(retryMs) });
        await delay(retryMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #claim(signal: AbortSignal, heard: () => void): Promise<void> {
    const joined = await this.#link.join();
    this.#options.onEvent({ kind: "joined", ...joined });
    const request = { capacity: this.#options.concurrency, holding: this.#holdings.claims() };
    for await (const { event } of this.#link.stream((client) => client.claim(request, { signal }))) {
      heard();
      if (event.case === "task") this.#take(event.value, joined.worker);
    }
    if (!signal.aborted) throw new FaultError(fault("daemon-unreachable", "the daemon ended the stream of tasks"));
  }

  #take(task: Task, worker: string): void {
    const { claim } = task;
    if (claim === undefined) return;
    const abort = new AbortController();
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const held = { claim, state: "receive" as WorkerState, abort, done };
    this.#holdings.add(held);
    const { signer, executors, spans, onEvent } = this.#options;
    const enter = (state: WorkerState) => {
      held.state = state;
      onEvent({ kind: "state", state, task: claim.task });
    };
    doTask(task, claim, { link: this.#link, worker, signer, executors, spans, signal: abort.signal, enter })
      .then((outcome) => onEvent({ kind: "finished", task: claim.task, ...outcome }))
      .catch((error: unknown) => {
        const because = abort.signal.aborted ? String(abort.signal.reason) : String(error);
        onEvent({ kind: "dropped", task: claim.task, because });
      })
      .finally(() => {
        this.#holdings.remove(claim);
        resolve();
      });
  }

  /** The daemon's word on stops and revocation. What it says has happened already: nothing is asked back. */
  async #listen(heard: () => void): Promise<void> {
    const { signal } = this.#over;
    for await (const { event } of this.#link.stream((client) => client.control({}, { signal }))) {
      heard();
      if (event.case === "stopped") this.#halt(event.value.reason);
      if (event.case === "revoked") {
        throw new FaultError(fault("worker-revoked", `this worker was revoked: ${event.value.reason}`));
      }
    }
    if (!signal.aborted) throw new FaultError(fault("daemon-unreachable", "the daemon ended the control stream"));
  }

  async #beat(heard: () => void): Promise<void> {
    const { signal } = this.#over;
    const { heartbeatMs } = await this.#link.join();
    const holding = this.#holdings.claims();
    const state = wireStates[this.#holdings.state];
    const answer = await this.#link.call((client, options) =>
      client.heartbeat({ state, holding }, { ...options, signal }),
    );
    heard();
    if (answer.stop) this.#halt(answer.stopReason);
    for (const { claim, held } of answer.standings) {
      if (!held && claim !== undefined) this.#holdings.find(claim)?.abort.abort(new Error("the claim is lost"));
    }
    await delay(heartbeatMs, undefined, { signal }).catch(() => undefined);
  }

  #halt(reason: string): void {
    if (this.#holdings.claims().length > 0) this.#options.onEvent({ kind: "stopped", reason });
    this.#holdings.abortAll(new Error(`emergency stop: ${reason}`));
  }

  /** Finishes what it has, or gives it back when that takes too long. */
  async #leave(): Promise<void> {
    const grace = new AbortController();
    const late = delay(this.#options.graceMsMax, true, { signal: grace.signal }).catch(() => false);
    const isLate = await Promise.race([late, this.#holdings.settled().then(() => false)]);
    grace.abort();
    if (!isLate) return;
    const claims = this.#holdings.claims();
    this.#holdings.abortAll(new Error("the worker leaves"));
    const reason = ReleaseReason.RETURNED;
    const given = claims.map((claim) =>
      this.#link.call((client) => client.release({ claim, reason, detail: "the worker leaves" }, { timeoutMs: 5_000 })),
    );
    // What could not be given back runs out by itself.
    await Promise.allSettled(given);
  }
}

function isWorthTrying({ fault: { code } }: FaultError): boolean {
  const hopeless: readonly Disposition[] = ["terminal"];
  return code === "unauthorized" ? false : !hopeless.includes(faultPolicy(code).disposition);
}
