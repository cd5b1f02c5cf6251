/**
 * Who executes a run: names this process so that every other process on this state can tell whether it still lives.
 * - `self` stays the same while the process lives and is never used again after it.
 * - `liveness` says `unknown` for an owner it cannot ask: another machine, another container, a malformed text.
 */
export interface Owners {
  readonly self: string;
  liveness(owner: string): "alive" | "dead" | "unknown";
  /** For a person, e.g. `process 4711 on build-3`. */
  describe(owner: string): string;
}
