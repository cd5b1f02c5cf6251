import type { Claim, TaskEnd } from "#ports";
import type { Clock } from "../clock.ts";
import type { ClaimEnd } from "./task-listener.ts";

type State =
  | { kind: "queued" }
  /** A claim, or its end, is being written: no token is valid meanwhile. */
  | { kind: "changing" }
  | { kind: "claimed"; claim: Claim; since: number }
  | { kind: "over"; token?: number };

/** Is told of each change when it holds, or no longer does. Must not throw. */
export type StandingListener = {
  queued(): void;
  held(claim: Claim): void;
  freed(claim: Claim, how: ClaimEnd): void;
};

/** Who has one task now, if anybody, and how it ended. */
export class TaskStanding {
  /** Rejects when it was withdrawn or nothing can be written any more. */
  readonly ended: Promise<TaskEnd>;
  readonly #clock: Clock;
  readonly #listener: StandingListener;
  readonly #settle = Promise.withResolvers<TaskEnd>();
  readonly #expiredAt = new Set<string>();
  #state: State = { kind: "changing" };

  constructor(clock: Clock, listener: StandingListener) {
    this.#clock = clock;
    this.#listener = listener;
    this.ended = this.#settle.promise;
    // Whoever offered it waits for this; that they look a moment later is no unhandled failure.
    this.ended.catch(() => undefined);
  }

  get kind(): State["kind"] {
    return this.#state.kind;
  }

  /** The valid claim, even if its lease is over and nobody noticed yet. */
  get claim(): Claim | undefined {
    return this.#state.kind === "claimed" ? this.#state.claim : undefined;
  }

  /** Since when somebody has it, in milliseconds since the Unix epoch. */
  get heldSince(): number | undefined {
    return this.#state.kind === "claimed" ? this.#state.since : undefined;
  }

  /** The token that the task was finished under. */
  get finishedBy(): number | undefined {
    return this.#state.kind === "over" ? this.#state.token : undefined;
  }

  /** The claim of this token, if it holds and its lease is not over. */
  valid(token: number): Claim | undefined {
    const { claim } = this;
    return claim?.token === token && this.#clock.now() < claim.leaseUntil ? claim : undefined;
  }

  /** Another worker was lost with it before, in this life of the queue. */
  expiredElsewhere(worker: string): boolean {
    return [...this.#expiredAt].some((other) => other !== worker);
  }

  /** What it will be is being written. */
  change(): void {
    this.#state = { kind: "changing" };
  }

  queue(): void {
    this.#state = { kind: "queued" };
    this.#listener.queued();
  }

  hold(claim: Claim): Claim {
    this.#state = { kind: "claimed", claim, since: this.#clock.now() };
    this.#listener.held(claim);
    return claim;
  }

  /** The token is void from here on, whether that is written yet or not. */
  free(how: ClaimEnd): void {
    const { claim } = this;
    this.change();
    if (claim === undefined) return;
    this.#listener.freed(claim, how);
    if (how === "expired") this.#expiredAt.add(claim.worker);
  }

  end(end: TaskEnd): void {
    this.#state = { kind: "over", ...(end.token === undefined ? {} : { token: end.token }) };
    this.#settle.resolve(end);
  }

  /** Nobody waits for it any more, or nothing can be written of it. */
  drop(reason: unknown): void {
    if (this.kind === "over") return;
    this.free("lost");
    this.#state = { kind: "over" };
    this.#settle.reject(reason);
  }
}
