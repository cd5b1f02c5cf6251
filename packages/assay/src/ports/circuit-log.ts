import type { CircuitChange } from "@assay/sdk";

/** How one tenant's circuit breakers changed. */
export interface CircuitLog {
  append(change: CircuitChange): Promise<void>;
  /** Newest first, at most `changesMax`; of one circuit if named. */
  read(changesMax: number, circuit?: string): Promise<CircuitChange[]>;
}
