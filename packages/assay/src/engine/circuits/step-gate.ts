import type { Fault } from "@assay/sdk";
import { FaultError, fault } from "#domain";
import { stepCircuit } from "./circuit-policy.ts";
import type { Circuits } from "./circuits.ts";
import { isOwnFault } from "./own-faults.ts";

/** What the circuits that outlive runs have to do with one try of a step; without circuits, nothing. */
export class StepGate {
  readonly #circuits: Circuits | undefined;
  readonly #circuit: string;
  readonly #run: string;
  #heard = true;

  /** `run`: the outermost, which a person goes on with. */
  constructor(circuits: Circuits | undefined, kind: string, run: string) {
    this.#circuits = circuits;
    this.#run = run;
    this.#circuit = stepCircuit(kind);
  }

  /** Throws `breaker-open` while the circuit of this kind, or that of the whole system, is open. */
  refuse(): void {
    const refused = this.#circuits?.refusal(this.#circuit);
    if (refused === undefined) return;
    const { circuit, retryAt } = refused;
    const message = `the circuit ${circuit} is open: too much failed; the next try is allowed ${new Date(retryAt).toISOString()}`;
    const remedy = `wait until it goes on by itself, or close the circuit: see GET /v1/circuits; or assay resume ${this.#run}`;
    throw new FaultError({ ...fault("breaker-open", message, remedy), circuit });
  }

  enter(): void {
    this.#circuits?.enter(this.#circuit);
    this.#heard = false;
  }

  passed(): void {
    this.#heard = true;
    this.#circuits?.succeeded(this.#circuit);
    this.#circuits?.tried({ run: this.#run });
  }

  failed(cause: Fault): void {
    this.#heard = true;
    this.#circuits?.failed(this.#circuit, cause.message);
    this.#circuits?.tried({ run: this.#run, ...(isOwnFault(cause) ? { infrastructure: cause.message } : {}) });
  }

  /** It has a result, which speaks against this kind of work. */
  broughtNothing(reason: string): void {
    this.#heard = true;
    this.#circuits?.failed(this.#circuit, reason);
  }

  /** The try is over. One that was broken off says nothing: if it was a probe, another may follow. */
  [Symbol.dispose](): void {
    if (!this.#heard) this.#circuits?.abandoned(this.#circuit);
  }
}
