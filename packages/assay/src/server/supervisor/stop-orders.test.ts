import { expect, test } from "vitest";
import { raise } from "#domain";
import { StopOrders } from "./stop-orders.ts";

test("a stop is in force at once, and written down when that can be done again", async () => {
  const pauses: (() => void)[] = [];
  const orders = new StopOrders({ wait: () => new Promise<void>((resolve) => pauses.push(resolve)) });
  let isFull = true;
  const written = Promise.withResolvers<void>();
  const saved = orders.give("default", "drill", async () =>
    isFull ? raise("disk-full", "no space") : written.resolve(),
  );
  expect(orders.of("default")).toBe("drill");
  // Everybody's.
  expect(orders.of("acme")).toBe("drill");
  expect(await saved).toBe(false);
  isFull = false;
  while (pauses.length === 0) await new Promise(setImmediate);
  pauses.shift()?.();
  await written.promise;
});

test("a stop that was lifted is not written down any more, and one that cannot be lifted on the disk stays in force", async () => {
  let tries = 0;
  const orders = new StopOrders({
    wait: (_ms, signal) => new Promise((_resolve, reject) => signal?.addEventListener("abort", reject)),
  });
  await orders.give("acme", "theirs", async () => {
    tries += 1;
    raise("run-locked", "locked");
  });
  expect(orders.of("default")).toBeUndefined();
  await expect(orders.lift("acme", async () => raise("run-locked", "locked"))).rejects.toThrow("locked");
  expect(orders.of("acme")).toBe("theirs");
  await orders.lift("acme", async () => undefined);
  expect([orders.of("acme"), tries]).toEqual([undefined, 1]);
});

test("a stop is tried a bounded number of times", async () => {
  const given: boolean[] = [];
  const last = Promise.withResolvers<void>();
  const orders = new StopOrders({
    wait: async () => undefined,
    onFailed: (_error, isLast) => {
      given.push(isLast);
      if (isLast) last.resolve();
    },
  });
  await orders.give("default", "drill", async () => raise("disk-full", "no space"));
  await last.promise;
  await orders.close();
  expect(given.length).toBe(100);
});
