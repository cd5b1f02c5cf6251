import type { FaultKind, SimulatedFault } from "./fault-plan.ts";
import { stormMs } from "./fault-plan.ts";
import { SimulatedWorld } from "./simulated-world.ts";
import type { Violation } from "./violation.ts";
import type { Weakness } from "./weakness.ts";
import { childSummary, expectedSummary } from "./workload.ts";

export type Simulation = {
  seed: number;
  violation?: Violation;
  /** Simulated milliseconds from the beginning, and what happened then. */
  trace: readonly string[];
  injected: ReadonlyMap<FaultKind, number>;
  occurrences: number;
  acknowledgements: number;
  runs: number;
  /** Runs that are a part of another one. */
  children: number;
  claims: number;
  tasks: number;
  effects: number;
  repeatedEffects: number;
};

export type SimulateOptions = { faults?: readonly SimulatedFault[]; weakness?: Weakness };

/** After the storm everything must have ended within this time: a breaker's cool-down and some resumes fit in. */
const calmMs = 600_000;
const occurrencesMax = 200_000;

/** One seed, one interleaving: the same each time. */
export async function simulate(seed: number, options: SimulateOptions = {}): Promise<Simulation> {
  const world = new SimulatedWorld(seed, options.faults, options.weakness);
  const { scheduler, invariants, store, ledger } = world;
  const endsAt = scheduler.now + stormMs + calmMs;
  while (invariants.violation === undefined && !world.over) {
    const late = scheduler.now > endsAt || scheduler.occurrences > occurrencesMax;
    if (late || !(await scheduler.step())) break;
  }
  const violation = invariants.violation ?? wrongEnd(world);
  return {
    seed,
    ...(violation === undefined ? {} : { violation }),
    trace: scheduler.trace,
    injected: world.injected,
    occurrences: scheduler.occurrences,
    acknowledgements: invariants.acknowledgements,
    runs: store.runs().filter(({ run }) => store.parentOf(run) === undefined).length,
    children: store.runs().filter(({ run }) => store.parentOf(run) !== undefined).length,
    claims: store.entries().filter(({ events }) => events[0]?.type === "lease-claimed").length,
    tasks: store.entries().filter(({ events }) => events.some(({ type }) => type === "task-finished")).length,
    effects: ledger.effects,
    repeatedEffects: ledger.repeated,
  };
}

function wrongEnd({ store }: SimulatedWorld): Violation | undefined {
  const rule = "a run ends with the result that it would have had undisturbed";
  if (store.runs().length === 0) return { rule, detail: "no run was ever begun" };
  for (const { run } of store.runs()) {
    const last = store.eventsOf(run).findLast(({ type }) => type === "result");
    if (last?.type !== "result") return { rule, detail: `${run} has not ended` };
    const said = `${last.outcome}: ${last.summary}`;
    const expected = store.parentOf(run) === undefined ? expectedSummary : childSummary;
    if (last.outcome !== "cancelled" && said !== `accepted: ${expected}`)
      return { rule, detail: `${run} ended ${said}` };
  }
  return undefined;
}
