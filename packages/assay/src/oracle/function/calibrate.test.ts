import { expect, it } from "vitest";
import { calibrate } from "./calibrate.ts";

const limits = { wallMsMax: 15_000, cpuMsMax: 15_000, memoryBytesMax: 1, processesMax: 1, frameBytesMax: 1 };
const passed = (cpuMs: number) => ({ outcome: { kind: "passed" } as const, cpuMs });

it("allows ten times what the reference took, and never less than the floor", () => {
  expect(calibrate(limits, passed(500))).toEqual({ ...limits, cpuMsMax: 5_000, wallMsMax: 15_000 });
  expect(calibrate(limits, passed(2))).toEqual({ ...limits, cpuMsMax: 1_000, wallMsMax: 5_000 });
  expect(calibrate(limits, passed(2), { floorMs: 4_000, factor: 3 })).toMatchObject({
    cpuMsMax: 4_000,
    wallMsMax: 12_000,
  });
});

it("allows a minute at most", () => {
  expect(calibrate(limits, passed(50_000))).toMatchObject({ cpuMsMax: 60_000 });
});

it("learns nothing from a reference that did not pass or was not there", () => {
  expect(calibrate(limits, { outcome: { kind: "no-calls" }, cpuMs: 1 })).toEqual(limits);
  expect(calibrate(limits, undefined)).toEqual(limits);
});
