import type { ReleaseReason } from "@assay/sdk";
import { raise } from "#domain";
import type { Claim, ExamineResult, Standing, TaskEnd, TaskOffer, TaskResult } from "#ports";
import type { Clock } from "../clock.ts";
import { failedEvent, finishedEvent, queuedEvent, releasedEvent } from "./task-events.ts";
import type { ClaimEnd, TaskListener } from "./task-listener.ts";
import type { TaskEventBody, TaskPen } from "./task-pen.ts";
import { countsAsTry, endOf, type TaskRecord } from "./task-record.ts";

type State =
  | { kind: "queued" }
  /** A claim, or its end, is being written: no token is valid meanwhile. */
  | { kind: "changing" }
  | { kind: "claimed"; claim: Claim; since: number }
  | { kind: "over"; token?: number };

type Finished = ReturnType<typeof failedEvent>;

export type OfferedTaskOptions = {
  offer: TaskOffer;
  pen: TaskPen;
  clock: Clock;
  /** Greater for later offers. */
  ordinal: number;
  examine?: ExamineResult | undefined;
  listener: TaskListener;
};

/**
 * One task from its offer to its end. Each change is written before it holds, and changes happen one after the other: whatever two
 * workers, a lease and a withdrawal want at once, the journal has an order for it.
 */
export class OfferedTask {
  readonly offer: TaskOffer;
  readonly ordinal: number;
  /** Rejects when it was withdrawn or nothing can be written any more. */
  readonly ended: Promise<TaskEnd>;
  readonly #options: OfferedTaskOptions;
  readonly #settle = Promise.withResolvers<TaskEnd>();
  readonly #offeredAt: number;
  #state: State = { kind: "changing" };
  #claims = 0;
  #tries = 0;
  #isLate = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: OfferedTaskOptions) {
    this.#options = options;
    this.offer = options.offer;
    this.ordinal = options.ordinal;
    this.#offeredAt = options.clock.now();
    this.ended = this.#settle.promise;
    // Whoever offered it waits for this; that they look a moment later is no unhandled failure.
    this.ended.catch(() => undefined);
  }

  /** Goes on where the journal left it. Throws `workflow-changed` when it was another task there. */
  begin(record: TaskRecord): Promise<void> {
    return this.#inTurn(async () => {
      const { offer } = this;
      if (record.kind !== "unknown" && record.input !== offer.input) {
        raise("workflow-changed", `run ${offer.run}: task ${offer.task} was offered with another input before`);
      }
      if (record.kind === "finished") return this.#end(record.end);
      if (record.kind === "unknown") {
        await this.#write([queuedEvent(offer)]);
        return this.#queued();
      }
      this.#claims = record.claims;
      this.#tries = record.tries;
      if (record.kind === "claimed") {
        const { worker, token, claims } = record;
        this.#hold({ offer, worker, token, attempt: claims, leaseUntil: this.#now() + offer.leaseMs });
      } else if (this.#tries >= offer.triesMax) {
        const finished = this.#failed("no worker brought a result");
        await this.#write([finished]);
        this.#end(endOf(finished, this.#claims));
      } else this.#queued();
    });
  }

  get pen(): TaskPen {
    return this.#options.pen;
  }

  get isQueued(): boolean {
    return this.#state.kind === "queued";
  }

  /** The valid claim, even if its lease is over and nobody noticed yet. */
  get claim(): Claim | undefined {
    return this.#state.kind === "claimed" ? this.#state.claim : undefined;
  }

  /** The token that the task was finished under. */
  get finishedBy(): number | undefined {
    return this.#state.kind === "over" ? this.#state.token : undefined;
  }

  /** Gives it to a worker; `undefined` when it is not to be had, or could not be written: whoever offered it has been told. */
  async take(worker: string): Promise<Claim | undefined> {
    if (!this.isQueued) return undefined;
    this.#state = { kind: "changing" };
    return await this.#inTurn(async () => {
      // Withdrawn while this waited for its turn.
      if (this.#state.kind !== "changing") return undefined;
      const { offer } = this;
      const attempt = this.#claims + 1;
      const [claimed] = await this.#write([{ type: "task-claimed", task: offer.task, worker, attempt }]);
      if (claimed === undefined) throw new Error("an append without its event");
      // The run's execution ended while it was being written: nobody waits for this claim.
      if (this.#state.kind !== "changing") return undefined;
      this.#claims = attempt;
      return this.#hold({ offer, worker, token: claimed.seq, attempt, leaseUntil: this.#now() + offer.leaseMs });
    }).catch(() => undefined);
  }

  heartbeat(token: number): Standing {
    const claim = this.#valid(token);
    if (claim === undefined) return { kind: "lost" };
    claim.leaseUntil = this.#now() + this.offer.leaseMs;
    return { kind: "held", leaseUntil: claim.leaseUntil };
  }

  finish(token: number, result: TaskResult): Promise<"finished" | "refused"> {
    return this.#inTurn(async () => {
      const since = this.#state.kind === "claimed" ? this.#state.since : this.#offeredAt;
      const claim = this.#valid(token);
      if (claim === undefined) return this.finishedBy === token ? "finished" : "refused";
      const problem = result.outcome === "done" ? await this.#options.examine?.(result) : undefined;
      if (problem !== undefined) {
        await this.#release(claim, "failed", problem);
        return "refused";
      }
      const finished = finishedEvent(claim, result, Math.max(0, this.#now() - since));
      await this.#write([finished]);
      this.#free(result.outcome === "done" ? "done" : "gave-up");
      this.#end(endOf(finished, this.#claims));
      return "finished";
    });
  }

  /** Does nothing when the token is void already. The claim is over even if that cannot be written: whoever offered it is told that. */
  release(token: number, reason: ReleaseReason, detail: string): Promise<void> {
    return this.#inTurn(async () => {
      const { claim } = this;
      if (claim?.token !== token) return;
      // It was held on to while this waited for its turn.
      if (reason === "expired" && this.#now() < claim.leaseUntil) return;
      await this.#release(claim, reason, detail);
    }).catch(() => undefined);
  }

  /** It has waited long enough: it has failed when nobody has it, or as soon as whoever has it brings no result. */
  giveUp(): Promise<void> {
    return this.#inTurn(async () => {
      this.#isLate = true;
      if (!this.isQueued) return;
      this.#state = { kind: "changing" };
      const finished = this.#failed(`no worker brought a result in ${this.offer.waitMsMax ?? 0} ms`);
      await this.#write([finished]);
      this.#end(endOf(finished, this.#claims));
    });
  }

  /** Nobody waits for it any more. */
  withdraw(reason: unknown): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state.kind === "over") return;
      const { claim } = this;
      this.#free("stopped");
      if (claim !== undefined) await this.#write([releasedEvent(claim, "stopped", "the run was stopped")]);
      this.drop(reason);
    });
  }

  /** As `withdraw`, where nothing can be written any more. */
  drop(reason: unknown): void {
    if (this.#state.kind === "over") return;
    this.#free("lost");
    this.#state = { kind: "over" };
    this.#settle.reject(reason);
  }

  async #release(claim: Claim, reason: ReleaseReason, detail: string): Promise<void> {
    // Void from here on: a heartbeat while it is being written must not be told otherwise.
    this.#free(reason);
    const tries = this.#tries + (countsAsTry(reason) ? 1 : 0);
    const released = releasedEvent(claim, reason, detail);
    if (tries >= this.offer.triesMax || this.#isLate) {
      const finished = this.#failed(`${this.#claims} claims brought no result; the last one: ${reason}, ${detail}`);
      await this.#write([released, finished]);
      this.#end(endOf(finished, this.#claims));
      return;
    }
    await this.#write([released]);
    this.#tries = tries;
    this.#queued();
  }

  #failed(detail: string): Finished {
    return failedEvent(this.offer, detail, Math.max(0, this.#now() - this.#offeredAt));
  }

  #end(end: TaskEnd): void {
    this.#state = { kind: "over", ...(end.token === undefined ? {} : { token: end.token }) };
    this.#settle.resolve(end);
  }

  #hold(claim: Claim): Claim {
    this.#state = { kind: "claimed", claim, since: this.#now() };
    this.#options.listener.held(this, claim);
    return claim;
  }

  #free(how: ClaimEnd): void {
    const { claim } = this;
    this.#state = { kind: "changing" };
    if (claim !== undefined) this.#options.listener.freed(this, claim, how);
  }

  #queued(): void {
    this.#state = { kind: "queued" };
    this.#options.listener.queued(this);
  }

  #valid(token: number): Claim | undefined {
    const { claim } = this;
    return claim?.token === token && this.#now() < claim.leaseUntil ? claim : undefined;
  }

  #now(): number {
    return this.#options.clock.now();
  }

  /** What cannot be written ends the task here: the run cannot go on, and whoever executes it says why. */
  async #write(events: readonly TaskEventBody[]) {
    try {
      return await this.#options.pen.append(events);
    } catch (error) {
      this.drop(error);
      throw error;
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
