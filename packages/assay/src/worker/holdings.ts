import type { WorkerState } from "@assay/sdk";
import type { ClaimRef } from "#wire";

export type Held = { claim: ClaimRef; state: WorkerState; abort: AbortController; done: Promise<void> };

const order: readonly WorkerState[] = ["idle", "receive", "plan", "execute", "report"];

/** The claims that this worker holds, by their tokens. */
export class Holdings {
  readonly #held = new Map<string, Held>();

  add(held: Held): void {
    this.#held.set(keyOf(held.claim), held);
  }

  remove(claim: ClaimRef): void {
    this.#held.delete(keyOf(claim));
  }

  find(claim: ClaimRef): Held | undefined {
    return this.#held.get(keyOf(claim));
  }

  claims(): ClaimRef[] {
    return [...this.#held.values()].map(({ claim }) => claim);
  }

  /** How far the furthest is. */
  get state(): WorkerState {
    const states = [...this.#held.values()].map(({ state }) => order.indexOf(state));
    return order[Math.max(0, ...states)] ?? "idle";
  }

  abortAll(reason: unknown): void {
    for (const { abort } of this.#held.values()) abort.abort(reason);
  }

  /** Resolves when nothing is held any more. */
  async settled(): Promise<void> {
    await Promise.all([...this.#held.values()].map(({ done }) => done));
  }
}

function keyOf({ run, task, token }: ClaimRef): string {
  return JSON.stringify([run, task, token]);
}
