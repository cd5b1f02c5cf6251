import { raise } from "#domain";
import { stepCircuit } from "./circuit-policy.ts";
import type { Circuits } from "./circuits.ts";

/** What the circuits that outlive runs have to do with one try of a step; without circuits, nothing. */
export class StepGate {
  readonly #circuits: Circuits | undefined;
  readonly #circuit: string;
  #heard = true;

  constructor(circuits: Circuits | undefined, kind: string) {
    this.#circuits = circuits;
    this.#circuit = stepCircuit(kind);
  }

  /** Throws `breaker-open` while the circuit of this kind, or that of the whole system, is open. */
  refuse(run: string): void {
    const refused = this.#circuits?.refusal(this.#circuit);
    if (refused === undefined) return;
    raise(
      "breaker-open",
      `the circuit ${refused.circuit} is open: too much failed; the next try is allowed ${new Date(refused.retryAt).toISOString()}`,
      `continue later with: assay resume ${run}, or close it: see GET /v1/circuits`,
    );
  }

  enter(): void {
    this.#circuits?.enter(this.#circuit);
    this.#heard = false;
  }

  passed(): void {
    this.#heard = true;
    this.#circuits?.succeeded(this.#circuit);
  }

  failed(reason: string): void {
    this.#heard = true;
    this.#circuits?.failed(this.#circuit, reason);
  }

  /** The try is over. One that was broken off says nothing: if it was a probe, another may follow. */
  [Symbol.dispose](): void {
    if (!this.#heard) this.#circuits?.abandoned(this.#circuit);
  }
}
