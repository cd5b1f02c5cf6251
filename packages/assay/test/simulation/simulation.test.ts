import { describe, expect, test } from "vitest";
import { representative } from "../support/depth.ts";
import { planFaults } from "./fault-plan.ts";
import { describeFailure, sweep } from "./report.ts";
import { shrink } from "./shrink.ts";
import { simulate } from "./simulate.ts";
import { weaknesses } from "./weakness.ts";

const seeds = representative ? 60 : 1000;
/** A weakness that is not found by then could be anything. */
const seedsMax = 60;

describe("a simulation", () => {
  test("is the same each time for the same seed, and another for another", async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const [first, second, other] = [await simulate(seed), await simulate(seed), await simulate(seed + 1000)];
      expect(first.trace.length).toBeGreaterThan(100);
      expect(second.trace).toEqual(first.trace);
      expect(other.trace).not.toEqual(first.trace);
    }
  });

  test(`keeps every promise under ${seeds} seeds, and every kind of fault happens`, async () => {
    const { failed, injected, runs, claims, repeatedEffects } = await sweep(1, seeds);
    if (failed !== undefined) expect.fail(await describeFailure(failed));
    for (const kind of ["kill", "stall", "partition", "power-loss", "store-kill", "disk-full", "takeover"]) {
      expect(injected[kind], kind).toBeGreaterThan(seeds / 10);
    }
    for (const kind of ["drop", "duplicate", "delay"]) expect(injected[kind], kind).toBeGreaterThan(seeds);
    // Runs were taken over, and effects asked for again: otherwise nothing was put to the test.
    expect(claims).toBeGreaterThan(2 * runs);
    expect(repeatedEffects).toBeGreaterThan(seeds / 2);
  });

  test.each(weaknesses)(`finds within ${seedsMax} seeds a system that %s`, async (weakness) => {
    const { failed } = await sweep(1, seedsMax, weakness);
    expect(failed?.violation).toBeDefined();
  });

  test("shrinks a failure to the faults that it takes", async () => {
    const { failed } = await sweep(1, seedsMax, "loses-synced");
    const planned = planFaults(failed?.seed ?? 0);
    const { faults, simulation } = await shrink(
      failed?.seed ?? 0,
      planned,
      failed?.violation?.rule ?? "",
      "loses-synced",
    );
    expect(faults.map(({ kind }) => kind)).toEqual(["power-loss"]);
    expect(planned.length).toBeGreaterThan(faults.length);
    expect(simulation.violation?.rule).toBe("an acknowledged event is there, once, in order");
  });
});
