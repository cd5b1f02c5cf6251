import type { ClaimName } from "./claim-ref.ts";

const rememberedMax = 10_000;

/** Claims whose results were taken: the last of them, for whoever reports again because the answer was lost. */
export class FinishedClaims {
  readonly #keys = new Set<string>();

  add(worker: string, name: ClaimName): void {
    const [oldest] = this.#keys;
    if (oldest !== undefined && this.#keys.size >= rememberedMax) this.#keys.delete(oldest);
    this.#keys.add(keyOf(worker, name));
  }

  has(worker: string, name: ClaimName): boolean {
    return this.#keys.has(keyOf(worker, name));
  }
}

function keyOf(worker: string, { run, task, token }: ClaimName): string {
  return JSON.stringify([worker, run, task, token]);
}
