import type { CircuitChange, CircuitLevel, CircuitView } from "@assay/sdk";
import { afterFailure, afterSuccess, type Breaker, closedBreaker, enterBreaker, raise } from "#domain";
import type { CircuitLog } from "#ports";
import { type Clock, systemClock } from "../clock.ts";
import { CircuitHistory } from "./circuit-history.ts";
import { type CircuitPolicy, defaultCircuits, levelOf, policyOf } from "./circuit-policy.ts";
import { RecentWork, type WorkTried } from "./recent-work.ts";

/** `refused`: by `circuit`, until `retryAt`, milliseconds since the Unix epoch. */
export type CircuitEntry = { kind: "allowed" } | CircuitRefusal;
type CircuitRefusal = { kind: "refused"; circuit: string; retryAt: number };

type Circuit = { breaker: Breaker; since?: number };

/** Circuits that are kept in mind; beyond it closed ones are forgotten, the oldest first. */
const circuitsMax = 5_000;
/** Changes that are looked at to find how the circuits stood. */
const changesReadMax = 10_000;

/**
 * Circuit breakers that outlive runs: of each kind of step (`step:KIND`), of each worker (`worker:ID`), and of the whole (`system`).
 * A step or worker circuit opens after failures in a row; `system` when what was tried lately says that this machine or most of
 * everything fails, and refuses everything then. After a pause one probe is let through; a probe of which nothing was heard for a pause
 * counts for nothing.
 * Decisions are made at once and kept in the log after: what the log does not take is told by `problem`.
 */
export class Circuits {
  readonly #history: CircuitHistory;
  readonly #clock: Clock;
  readonly #policy: CircuitPolicy;
  readonly #circuits = new Map<string, Circuit>();
  readonly #listeners = new Set<() => void>();
  readonly #recent: RecentWork;

  private constructor(log: CircuitLog, clock: Clock, policy: CircuitPolicy) {
    this.#history = new CircuitHistory(log);
    this.#clock = clock;
    this.#policy = policy;
    this.#recent = new RecentWork(policy.system);
  }

  /** As the log says that they stood. Throws what reading the log throws. */
  static async open(log: CircuitLog, clock: Clock = systemClock, policy: CircuitPolicy = defaultCircuits) {
    const circuits = new Circuits(log, clock, policy);
    for (const { circuit, to, at } of (await log.read(changesReadMax)).reverse()) {
      // Whoever was the probe is gone: the next one may try.
      const breaker: Breaker = to === "closed" ? closedBreaker : { state: "open", at: to === "open" ? at : 0 };
      circuits.#circuits.set(circuit, { breaker, since: at });
    }
    return circuits;
  }

  get clock(): Clock {
    return this.#clock;
  }

  /** Why the history is not complete, if it is not. */
  get problem(): unknown {
    return this.#history.problem;
  }

  /** May work of this circuit begin now? Yes may mean: as the one probe. */
  enter(circuit: string): CircuitEntry {
    const refused = this.refusal(circuit);
    if (refused !== undefined) return refused;
    for (const name of ["system", circuit]) {
      const breaker = this.#breaker(name);
      if (breaker.state !== "closed") this.#set(name, { state: "half-open" }, "the pause is over: one probe");
    }
    return { kind: "allowed" };
  }

  /** As `enter`, without entering; `undefined`: it would be allowed. */
  refusal(circuit: string): CircuitRefusal | undefined {
    const now = this.#clock.now();
    for (const name of ["system", circuit]) {
      const { breaker, since = now } = this.#circuits.get(name) ?? { breaker: closedBreaker };
      const policy = policyOf(this.#policy, name);
      if (breaker.state === "half-open") {
        if (now < since + policy.coolDownMs)
          return { kind: "refused", circuit: name, retryAt: since + policy.coolDownMs };
        continue;
      }
      const entry = enterBreaker(breaker, now, policy);
      if (entry.kind === "refused") return { kind: "refused", circuit: name, retryAt: entry.retryAt };
    }
    return undefined;
  }

  /** What halted by this circuit may do now. `probe`: one may go on, to see whether it works again. */
  standing(circuit: string): { kind: "closed" } | { kind: "probe"; coolDownMs: number } | CircuitRefusal {
    const refused = this.refusal(circuit);
    if (refused !== undefined) return refused;
    const standsOpen = ["system", circuit].find((name) => this.#breaker(name).state !== "closed");
    if (standsOpen === undefined) return { kind: "closed" };
    return { kind: "probe", coolDownMs: policyOf(this.#policy, standsOpen).coolDownMs };
  }

  succeeded(circuit: string): void {
    if (this.#circuits.has(circuit)) this.#set(circuit, afterSuccess(), `${circuit} passed`);
  }

  failed(circuit: string, reason: string): void {
    const policy = policyOf(this.#policy, circuit);
    this.#set(circuit, afterFailure(this.#breaker(circuit), this.#clock.now(), policy), reason);
  }

  /** Something was tried, here or at a worker: what it says of the system as a whole. */
  tried(work: WorkTried): void {
    const now = this.#clock.now();
    this.#recent.add(work, now);
    const { infrastructure } = work;
    const { state } = this.#breaker("system");
    if (state === "half-open") {
      if (infrastructure === undefined) this.#set("system", afterSuccess(), `run ${work.run} goes on`);
      else this.#set("system", { state: "open", at: now }, infrastructure);
    } else if (state === "closed" && infrastructure !== undefined) {
      const problem = this.#recent.problem(now);
      if (problem !== undefined) this.#set("system", { state: "open", at: now }, problem);
    }
  }

  /** A probe ended without saying anything about the circuit: another one may try. */
  abandoned(circuit: string): void {
    for (const name of [circuit, "system"]) {
      if (this.#breaker(name).state === "half-open")
        this.#set(name, { state: "open", at: 0 }, "the probe said nothing");
    }
  }

  /** Closed by hand. Kept before it returns. Throws `not-found` for a circuit that never changed. */
  async reset(circuit: string, by: string, reason: string): Promise<CircuitView> {
    const known = this.#circuits.get(circuit);
    if (known === undefined) raise("not-found", `there is no circuit ${circuit}`, "see them with: GET /v1/circuits");
    this.#set(circuit, closedBreaker, reason, by);
    await this.settled();
    return this.#view(circuit, this.#circuits.get(circuit) ?? known);
  }

  /** Those that anything was heard of, by name. */
  list(level?: CircuitLevel): CircuitView[] {
    return [...this.#circuits]
      .filter(([circuit]) => level === undefined || levelOf(circuit) === level)
      .map(([circuit, state]) => this.#view(circuit, state))
      .sort((a, b) => (a.circuit < b.circuit ? -1 : 1));
  }

  /** Newest first, with everything decided by now. */
  history(changesMax: number, circuit?: string): Promise<CircuitChange[]> {
    return this.#history.read(changesMax, circuit);
  }

  /** Calls back after each change. */
  watch(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Everything decided by now is in the log. Throws what kept it from there. */
  settled(): Promise<void> {
    return this.#history.settled();
  }

  #breaker(circuit: string): Breaker {
    return this.#circuits.get(circuit)?.breaker ?? closedBreaker;
  }

  #set(circuit: string, next: Breaker, reason: string, by?: string): void {
    const { breaker, since } = this.#circuits.get(circuit) ?? { breaker: closedBreaker };
    const at = this.#clock.now();
    const from = breaker.state;
    // A probe that takes the place of a lost one is no change, but its time begins anew.
    const begins = from !== next.state || next.state === "half-open" ? at : since;
    this.#circuits.set(circuit, { breaker: next, ...(begins === undefined ? {} : { since: begins }) });
    this.#forget();
    if (from === next.state) return;
    // What made it open must not open it again.
    if (circuit === "system") this.#recent.clear();
    this.#history.keep({
      circuit,
      from,
      to: next.state,
      reason: reason.slice(0, 2000),
      at,
      ...(by === undefined ? {} : { by }),
    });
    for (const listener of this.#listeners) listener();
  }

  #forget(): void {
    if (this.#circuits.size <= circuitsMax) return;
    const closed = [...this.#circuits].find(([, { breaker }]) => breaker.state === "closed");
    if (closed !== undefined) this.#circuits.delete(closed[0]);
  }

  #view(circuit: string, { breaker, since }: Circuit): CircuitView {
    const { coolDownMs } = policyOf(this.#policy, circuit);
    return {
      circuit,
      level: levelOf(circuit),
      state: breaker.state,
      failures: breaker.state === "closed" ? breaker.failures : 0,
      ...(breaker.state === "open" ? { retryAt: breaker.at + coolDownMs } : {}),
      ...(since === undefined ? {} : { since }),
    };
  }
}
