import { planFaults, type SimulatedFault } from "./fault-plan.ts";
import { shrink } from "./shrink.ts";
import { type Simulation, simulate } from "./simulate.ts";
import type { Weakness } from "./weakness.ts";

export type Sweep = {
  seeds: number;
  failed?: Simulation;
  injected: Record<string, number>;
  occurrences: number;
  acknowledgements: number;
  runs: number;
  children: number;
  claims: number;
  tasks: number;
  repeatedEffects: number;
};

/** Simulates seeds one after the other, until one fails. */
export async function sweep(from: number, seeds: number, weakness?: Weakness): Promise<Sweep> {
  const total: Sweep = {
    seeds: 0,
    injected: {},
    occurrences: 0,
    acknowledgements: 0,
    runs: 0,
    children: 0,
    claims: 0,
    tasks: 0,
    repeatedEffects: 0,
  };
  for (let seed = from; seed < from + seeds; seed++) {
    const simulation = await simulate(seed, weakness === undefined ? {} : { weakness });
    total.seeds++;
    for (const [kind, count] of simulation.injected) total.injected[kind] = (total.injected[kind] ?? 0) + count;
    total.occurrences += simulation.occurrences;
    total.acknowledgements += simulation.acknowledgements;
    total.runs += simulation.runs;
    total.children += simulation.children;
    total.claims += simulation.claims;
    total.tasks += simulation.tasks;
    total.repeatedEffects += simulation.repeatedEffects;
    if (simulation.violation !== undefined) return { ...total, failed: simulation };
  }
  return total;
}

/** What a person needs to see a failure again: the seed, the fewest faults that lead to it, and all that happened then. */
export async function describeFailure({ seed, violation }: Simulation, weakness?: Weakness): Promise<string> {
  const planned = planFaults(seed);
  const { faults, simulation } = await shrink(seed, planned, violation?.rule ?? "", weakness);
  return [
    `seed ${seed}: ${violation?.rule}: ${violation?.detail}`,
    `${faults.length} of ${planned.length} faults are needed:`,
    ...faults.map((each) => `  ${describeFault(each)}`),
    "what happened:",
    ...simulation.trace.map((line) => `  ${line}`),
  ].join("\n");
}

function describeFault(fault: SimulatedFault): string {
  if ("message" in fault)
    return `${fault.kind} message ${fault.message}${fault.kind === "drop" ? "" : ` by ${fault.delayMs} ms`}`;
  return `${fault.kind} at ${fault.atMs} ms, slot ${fault.slot}, ${fault.durationMs} ms`;
}
