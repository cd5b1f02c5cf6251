import type { Claim } from "#ports";
import type { Clock } from "../clock.ts";
import { Heap } from "./heap.ts";
import type { OfferedTask } from "./offered-task.ts";

type Lease = { task: OfferedTask; claim: Claim; lookAt: number };

/**
 * Finds leases that are over, with one sleeper for all of them. Heartbeats move a lease's end without telling: it is looked at again
 * when it would have been over.
 */
export class Leases {
  readonly #clock: Clock;
  readonly #onExpired: (task: OfferedTask, claim: Claim) => void;
  #leases = new Heap<Lease>(({ lookAt }) => lookAt);
  #held = 0;
  #wake: AbortController | undefined;

  constructor(clock: Clock, onExpired: (task: OfferedTask, claim: Claim) => void) {
    this.#clock = clock;
    this.#onExpired = onExpired;
  }

  add(task: OfferedTask, claim: Claim): void {
    this.#held++;
    const first = this.#leases.peek();
    this.#leases.push({ task, claim, lookAt: claim.leaseUntil });
    if (this.#wake === undefined) void this.#watch();
    else if (first !== undefined && claim.leaseUntil < first.lookAt) this.#wake.abort();
  }

  /** A claim ended by itself. When none is left nothing is slept for, so that a process can end. */
  ended(): void {
    this.#held--;
    if (this.#held > 0) return;
    this.#leases = new Heap(({ lookAt }) => lookAt);
    this.#wake?.abort();
  }

  async #watch(): Promise<void> {
    for (;;) {
      const next = this.#leases.peek();
      if (next === undefined) break;
      this.#wake = new AbortController();
      const waitMs = next.lookAt - this.#clock.now();
      if (waitMs > 0) await this.#clock.sleep(waitMs, this.#wake.signal);
      this.#lookAt(this.#clock.now());
    }
    this.#wake = undefined;
  }

  #lookAt(now: number): void {
    for (let lease = this.#leases.peek(); lease !== undefined && lease.lookAt <= now; lease = this.#leases.peek()) {
      this.#leases.pop();
      const { task, claim } = lease;
      if (task.standing.claim?.token !== claim.token) continue;
      if (claim.leaseUntil > now) this.#leases.push({ ...lease, lookAt: claim.leaseUntil });
      else this.#onExpired(task, claim);
    }
  }
}
