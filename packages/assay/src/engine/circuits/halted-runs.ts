import type { RunId } from "#domain";
import type { Circuits } from "./circuits.ts";

/** As a probe of its circuit. A run that was one so often goes on only when its circuit is closed. */
const probesMax = 50;
/** Kept in mind at the same time; further ones go on when a person resumes them, or after a restart. */
const haltedMax = 10_000;

type Halted = { circuit: string; goOn: () => void };

/**
 * Runs that stand still because a circuit is open. When its pause is over one of them goes on, as the probe; when it is closed, by
 * that or by hand, all of them do.
 */
export class HaltedRuns implements Disposable {
  readonly #circuits: Pick<Circuits, "standing" | "watch" | "clock">;
  /** By run. The first to halt first. */
  readonly #halted = new Map<RunId, Halted>();
  /** How often each was a probe. */
  readonly #probes = new Map<RunId, number>();
  /** By circuit: when a run last went on to be its probe. */
  readonly #probedAt = new Map<string, number>();
  readonly #watch: Disposable;
  #wake: AbortController | undefined;
  #isOver = false;

  constructor(circuits: Pick<Circuits, "standing" | "watch" | "clock">) {
    this.#circuits = circuits;
    this.#watch = circuits.watch(() => this.#wake?.abort());
  }

  /** `goOn` executes the run, in this very turn if the circuit is closed; must not throw. */
  add(run: RunId, circuit: string, goOn: () => void): void {
    if (this.#isOver || this.#halted.size >= haltedMax) return;
    // Behind the others, so that another one is the next probe.
    this.#halted.delete(run);
    this.#halted.set(run, { circuit, goOn });
    if (this.#wake === undefined) void this.#look();
    else this.#wake.abort();
  }

  /** It goes on by other means, or never again. */
  remove(run: RunId): void {
    this.#halted.delete(run);
    this.#probes.delete(run);
    this.#wake?.abort();
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#watch[Symbol.dispose]();
    this.#wake?.abort();
  }

  async #look(): Promise<void> {
    const { clock } = this.#circuits;
    while (this.#halted.size > 0 && !this.#isOver) {
      this.#wake = new AbortController();
      const nextAt = Math.min(
        ...[...new Set([...this.#halted.values()].map(({ circuit }) => circuit))].map((circuit) =>
          this.#lookAt(circuit),
        ),
      );
      if (this.#halted.size > 0) await clock.sleep(Math.max(1, nextAt - clock.now()), this.#wake.signal);
    }
    this.#wake = undefined;
  }

  /** Gives when to look again, if nothing changes before. */
  #lookAt(circuit: string): number {
    const standing = this.#circuits.standing(circuit);
    const now = this.#circuits.clock.now();
    if (standing.kind !== "probe") this.#probedAt.delete(circuit);
    if (standing.kind === "refused") return standing.retryAt;
    const runs = [...this.#halted].flatMap(([run, by]) => (by.circuit === circuit ? [run] : []));
    if (standing.kind === "closed") {
      for (const run of runs) this.#release(run);
      return now;
    }
    // One of which nothing is heard for a pause counts for nothing, as in the circuit itself.
    const again = (this.#probedAt.get(circuit) ?? Number.NEGATIVE_INFINITY) + standing.coolDownMs;
    if (now < again) return again;
    const probe = runs.find((run) => (this.#probes.get(run) ?? 0) < probesMax);
    if (probe !== undefined) {
      this.#probedAt.set(circuit, now);
      this.#probes.set(probe, (this.#probes.get(probe) ?? 0) + 1);
      this.#release(probe);
    }
    return now + standing.coolDownMs;
  }

  #release(run: RunId): void {
    const halted = this.#halted.get(run);
    this.#halted.delete(run);
    halted?.goOn();
  }
}
