import type { Network } from "./network.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import { ViolationError } from "./violation.ts";
import type { Weakness } from "./weakness.ts";

/** Something outside with lasting effects, such as a forge that opens pull requests: it knows an effect again by its key. */
export class Ledger {
  readonly #network: Network;
  readonly #weakness: Weakness | undefined;
  readonly #failed: (error: ViolationError) => void;
  readonly #effects = new Map<string, number>();
  /** Effects that were asked for again, and known again. */
  repeated = 0;

  constructor(network: Network, failed: (error: ViolationError) => void, weakness?: Weakness) {
    this.#network = network;
    this.#failed = failed;
    this.#weakness = weakness;
  }

  get effects(): number {
    return this.#effects.size;
  }

  perform(by: SimulatedProcess, key: string): Promise<number> {
    return this.#network.call(by, `effect ${key}`, (reply) => {
      const times = this.#effects.get(key) ?? 0;
      if (times > 0) this.repeated++;
      if (times === 0 || this.#weakness === "repeats-effects") this.#effects.set(key, times + 1);
      if ((this.#effects.get(key) ?? 0) > 1) this.#failed(new ViolationError("an effect happens once", key));
      reply({ value: key.length });
    });
  }
}
