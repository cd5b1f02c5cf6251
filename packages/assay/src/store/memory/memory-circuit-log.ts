import { type CircuitChange, circuitChangeSchema } from "@assay/sdk";
import type { CircuitLog } from "#ports";

/** For tests, and where nothing need outlive the process. */
export class MemoryCircuitLog implements CircuitLog {
  readonly #changes: CircuitChange[] = [];

  async append(change: CircuitChange): Promise<void> {
    this.#changes.push(circuitChangeSchema.parse(change));
  }

  async read(changesMax: number, circuit?: string): Promise<CircuitChange[]> {
    const changes = this.#changes.filter((change) => circuit === undefined || change.circuit === circuit);
    return structuredClone(changes.reverse().slice(0, changesMax));
  }
}
