import fc from "fast-check";
import { expect, test } from "vitest";
import { pause, waitMs } from "./wait.ts";

test("a wait doubles with each failure, never passes half a minute, and differs between clients", () => {
  expect([1, 2, 3, 4].map((failures) => waitMs(failures, 1000, 0))).toEqual([500, 1000, 2000, 4000]);
  fc.assert(
    fc.property(
      fc.nat(1e6),
      fc.nat(60_000),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (n, base, random) => {
        const ms = waitMs(n, base, random);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThan(30_001);
      },
    ),
  );
});

test("a pause ends with the reason of its signal", async () => {
  const reason = new Error("enough");
  await expect(pause(1e6, AbortSignal.abort(reason))).rejects.toBe(reason);
  const controller = new AbortController();
  const waiting = pause(1e6, controller.signal);
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});
