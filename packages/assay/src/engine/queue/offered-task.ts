import type { ReleaseReason } from "@assay/sdk";
import { raise } from "#domain";
import type { Claim, ExamineResult, Standing, TaskOffer, TaskResult } from "#ports";
import type { Clock } from "../clock.ts";
import { Turns } from "../turns.ts";
import type { EndedClaim } from "./left-claims.ts";
import { failedEvent, finishedEvent, queuedEvent, releasedEvent } from "./task-events.ts";
import type { TaskListener } from "./task-listener.ts";
import type { TaskEventBody, TaskPen } from "./task-pen.ts";
import { countsAsTry, endOf, type TaskRecord } from "./task-record.ts";
import { TaskStanding } from "./task-standing.ts";

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
  readonly pen: TaskPen;
  readonly #options: OfferedTaskOptions;
  /** Who has it, and how it ended. */
  readonly standing: Readonly<Pick<TaskStanding, "kind" | "claim" | "finishedBy" | "ended" | "expiredElsewhere">>;
  readonly #standing: TaskStanding;
  readonly #offeredAt: number;
  #claims = 0;
  #tries = 0;
  #unwritten: EndedClaim | undefined;
  readonly #turns = new Turns();

  constructor(options: OfferedTaskOptions) {
    const { offer, clock, listener, ordinal, pen } = options;
    this.#options = options;
    this.offer = offer;
    this.pen = pen;
    this.ordinal = ordinal;
    this.#offeredAt = clock.now();
    this.#standing = new TaskStanding(clock, {
      queued: () => listener.queued(this),
      held: (claim) => listener.held(this, claim),
      freed: (claim, how) => listener.freed(this, claim, how),
    });
    this.standing = this.#standing;
  }

  /** The end of a claim that was decided, and could not be written. */
  get unwritten(): EndedClaim | undefined {
    return this.#unwritten;
  }

  /** Goes on where the journal left it. Throws `workflow-changed` when it was another task there. */
  begin(record: TaskRecord): Promise<void> {
    return this.#turns.take(async () => {
      const { offer } = this;
      if (record.kind !== "unknown" && record.input !== offer.input) {
        raise("workflow-changed", `run ${offer.run}: task ${offer.task} was offered with another input before`);
      }
      if (record.kind === "finished") return this.#standing.end(record.end);
      if (record.kind === "unknown") {
        await this.#write([queuedEvent(offer)]);
        return this.#standing.queue();
      }
      this.#claims = record.claims;
      this.#tries = record.tries;
      if (record.kind === "claimed") {
        const { worker, token, claims } = record;
        this.#standing.hold({ offer, worker, token, attempt: claims, leaseUntil: this.#now() + offer.leaseMs });
      } else if (this.#tries >= offer.triesMax) await this.#fail("no worker brought a result");
      else this.#standing.queue();
    });
  }

  /** Gives it to a worker; `undefined` when it is not to be had, or could not be written: whoever offered it has been told. */
  async take(worker: string): Promise<Claim | undefined> {
    const standing = this.#standing;
    if (standing.kind !== "queued") return undefined;
    standing.change();
    return await this.#turns
      .take(async () => {
        // Withdrawn while this waited for its turn.
        if (standing.kind !== "changing") return undefined;
        const { offer } = this;
        const attempt = this.#claims + 1;
        const [claimed] = await this.#write([{ type: "task-claimed", task: offer.task, worker, attempt }]);
        if (claimed === undefined) throw new Error("an append without its event");
        // The run's execution ended while it was being written: nobody waits for this claim.
        if (standing.kind !== "changing") return undefined;
        this.#claims = attempt;
        return standing.hold({ offer, worker, token: claimed.seq, attempt, leaseUntil: this.#now() + offer.leaseMs });
      })
      .catch(() => undefined);
  }

  heartbeat(token: number): Standing {
    const claim = this.#standing.valid(token);
    if (claim === undefined) return { kind: "lost" };
    claim.leaseUntil = this.#now() + this.offer.leaseMs;
    return { kind: "held", leaseUntil: claim.leaseUntil };
  }

  finish(token: number, result: TaskResult): Promise<"finished" | "refused"> {
    return this.#turns.take(async () => {
      const since = this.#standing.heldSince ?? this.#offeredAt;
      const claim = this.#standing.valid(token);
      if (claim === undefined) return this.#standing.finishedBy === token ? "finished" : "refused";
      const problem = result.outcome === "done" ? await this.#options.examine?.(result) : undefined;
      if (problem !== undefined) {
        await this.#release(claim, "failed", problem);
        return "refused";
      }
      const finished = finishedEvent(claim, result, Math.max(0, this.#now() - since));
      await this.#write([finished]);
      this.#standing.free(result.outcome === "done" ? "done" : "gave-up");
      this.#standing.end(endOf(finished, this.#claims));
      return "finished";
    });
  }

  /** Does nothing when the token is void already. The claim is over even if that cannot be written: whoever offered it is told that. */
  release(token: number, reason: ReleaseReason, detail: string): Promise<void> {
    return this.#turns
      .take(async () => {
        const { claim } = this.#standing;
        if (claim?.token !== token) return;
        // It was held on to while this waited for its turn.
        if (reason === "expired" && this.#now() < claim.leaseUntil) return;
        await this.#release(claim, reason, detail);
      })
      .catch(() => undefined);
  }

  /** Nobody waits for it any longer: it has failed, and whoever has it has it no more, heard of or not. */
  giveUp(): Promise<void> {
    return this.#turns.take(async () => {
      if (this.#standing.kind === "over") return;
      const { claim } = this.#standing;
      const late = `no worker brought a result in ${this.offer.waitMsMax ?? 0} ms`;
      this.#standing.free("stopped");
      if (claim === undefined) return await this.#fail(late);
      const detail = `${late}; worker ${claim.worker} had it`;
      await this.#fail(detail, [this.#ended(claim, "stopped", detail)]);
    });
  }

  /** Nobody waits for it any more. */
  withdraw(reason: unknown): Promise<void> {
    return this.#turns.take(async () => {
      if (this.#standing.kind === "over") return;
      const { claim } = this.#standing;
      this.#standing.free("stopped");
      if (claim !== undefined) await this.#write([this.#ended(claim, "stopped", "the run was stopped")]);
      this.drop(reason);
    });
  }

  /** As `withdraw`, where nothing can be written any more. */
  drop(reason: unknown): void {
    this.#standing.drop(reason);
  }

  async #release(claim: Claim, reason: ReleaseReason, detail: string): Promise<void> {
    // Void from here on: a heartbeat while it is being written must not be told otherwise.
    this.#standing.free(reason);
    const tries = this.#tries + (countsAsTry(reason) ? 1 : 0);
    const released = this.#ended(claim, reason, detail);
    if (tries >= this.offer.triesMax) {
      const why = `${this.#claims} claims brought no result; the last one: ${reason}, ${detail}`;
      return await this.#fail(why, [released]);
    }
    await this.#write([released]);
    this.#tries = tries;
    this.#standing.queue();
  }

  #ended(claim: Claim, reason: ReleaseReason, detail: string): TaskEventBody {
    this.#unwritten = { token: claim.token, reason, detail };
    return releasedEvent(claim, reason, detail);
  }

  /** Ends it without a result, in one append with what led to it. */
  async #fail(detail: string, before: readonly TaskEventBody[] = []): Promise<void> {
    const finished = failedEvent(this.offer, detail, Math.max(0, this.#now() - this.#offeredAt));
    await this.#write([...before, finished]);
    this.#standing.end(endOf(finished, this.#claims));
  }

  #now(): number {
    return this.#options.clock.now();
  }

  /** What cannot be written ends the task here: the run cannot go on, and whoever executes it says why. */
  async #write(events: readonly TaskEventBody[]) {
    try {
      const written = await this.pen.append(events);
      this.#unwritten = undefined;
      return written;
    } catch (error) {
      this.drop(error);
      throw error;
    }
  }
}
