import type { ReleaseReason, RunEvent } from "@assay/sdk";
import type { RunId } from "#domain";
import type { Clock } from "../clock.ts";
import { isTaskEvent, type TaskPen } from "./task-pen.ts";
import { recordOf, type TaskRecord } from "./task-record.ts";

/** A claim that is over, and why. */
export type EndedClaim = { token: number; reason: ReleaseReason; detail: string };

export type LeftClaimsOptions = {
  clock: Clock;
  /** A run's events. */
  read: (run: RunId) => Promise<readonly RunEvent[]>;
  /** What a run that is executed here writes with. */
  penOf: (run: RunId) => TaskPen | undefined;
  isRevoked: (worker: string) => boolean;
};

type ClaimedRecord = Extract<TaskRecord, { kind: "claimed" }>;

/** A run that stands still for longer holds no worker up. */
const pausedMsMax = 60 * 60_000;
const rememberedMax = 10_000;

/**
 * Claims of tasks that the journal has and that are not offered here: after a restart, and where an execution ended because its journal
 * could not be written. They hold until their run is over or takes them up.
 */
export class LeftClaims {
  readonly #options: LeftClaimsOptions;
  /** What was said to be over and is not written; the oldest are forgotten. */
  readonly #ended = new Map<string, EndedClaim>();

  constructor(options: LeftClaimsOptions) {
    this.#options = options;
  }

  /** The claim was called over, and that could not be written. */
  addEnded(run: RunId, task: string, ended: EndedClaim): void {
    this.#ended.set(keyOf(run, task), ended);
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > rememberedMax && oldest !== undefined) this.#ended.delete(oldest);
  }

  /** Why that claim does not hold, although the journal has it. */
  endOf(run: RunId, task: string, { token, worker }: { token: number; worker: string }): EndedClaim | undefined {
    const ended = this.#ended.get(keyOf(run, task));
    if (ended?.token === token) return ended;
    if (!this.#options.isRevoked(worker)) return undefined;
    return { token, reason: "revoked", detail: "the worker was revoked before" };
  }

  async record(run: RunId, task: string): Promise<TaskRecord> {
    return recordIn(await this.#events(run, task), task);
  }

  /** `undefined`: the token is not, or no longer, valid. */
  async held(run: RunId, task: string, token: number): Promise<ClaimedRecord | undefined> {
    const events = await this.#events(run, task);
    const record = recordIn(events, task);
    if (record.kind !== "claimed" || record.token !== token) return undefined;
    if (this.endOf(run, task, record) !== undefined) return undefined;
    if (this.#options.penOf(run) !== undefined || !this.#standsStill(events)) return record;
    this.addEnded(run, task, { token, reason: "stopped", detail: "its run stood still for too long" });
    return undefined;
  }

  async #events(run: RunId, task: string): Promise<readonly RunEvent[]> {
    return this.#options.penOf(run)?.history(task) ?? (await this.#options.read(run));
  }

  #standsStill(events: readonly RunEvent[]): boolean {
    if (events.some(({ type }) => type === "result" || type === "run-cancelled")) return true;
    const last = events.at(-1);
    return last?.type === "run-paused" && this.#options.clock.now() - last.at > pausedMsMax;
  }
}

function recordIn(events: readonly RunEvent[], task: string): TaskRecord {
  return recordOf(events.filter(isTaskEvent).filter((event) => event.task === task));
}

function keyOf(run: RunId, task: string): string {
  return `${run} ${task}`;
}
