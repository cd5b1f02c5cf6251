import type { SimulatedFault } from "./fault-plan.ts";
import { type Simulation, simulate } from "./simulate.ts";
import type { Weakness } from "./weakness.ts";

const triesMax = 400;

/**
 * Cuts what is not needed from the faults of a failing seed: larger pieces first, until no single fault can go. The same rule
 * must be broken each time. Algorithm: ddmin, Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002.
 */
export async function shrink(
  seed: number,
  planned: readonly SimulatedFault[],
  rule: string,
  weakness?: Weakness,
): Promise<{ faults: readonly SimulatedFault[]; simulation: Simulation; tries: number }> {
  const run = (faults: readonly SimulatedFault[]) =>
    simulate(seed, { faults, ...(weakness === undefined ? {} : { weakness }) });
  let faults = planned;
  let simulation = await run(faults);
  let tries = 0;
  for (let size = Math.ceil(faults.length / 2); size >= 1 && tries < triesMax; ) {
    let cut = false;
    for (let from = 0; from < faults.length && tries < triesMax; ) {
      const fewer = faults.toSpliced(from, size);
      tries++;
      const next = await run(fewer);
      if (next.violation?.rule === rule) {
        faults = fewer;
        simulation = next;
        cut = true;
      } else from += size;
    }
    if (size === 1 && !cut) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return { faults, simulation, tries };
}
