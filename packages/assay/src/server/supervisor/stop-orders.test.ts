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

const neverAgain = {
  wait: (_ms: number, signal: AbortSignal | undefined) =>
    new Promise((_resolve, reject) => signal?.addEventListener("abort", reject)),
};

test("a stop that was lifted is not written down any more, and one that cannot be lifted on the disk is still tried", async () => {
  let tries = 0;
  const orders = new StopOrders(neverAgain);
  await orders.give("acme", "theirs", async () => {
    tries += 1;
    raise("run-locked", "locked");
  });
  expect(orders.of("default")).toBeUndefined();
  await expect(orders.lift("acme", async () => raise("run-locked", "locked"))).rejects.toThrow("locked");
  expect([orders.of("acme"), tries]).toEqual(["theirs", 2]);
  await orders.lift("acme", async () => undefined);
  expect([orders.of("acme"), tries]).toEqual([undefined, 2]);
});

test("a stop that is given while another is lifted stays, and is written down behind that", async () => {
  const orders = new StopOrders(neverAgain);
  const done: string[] = [];
  const save = (reason: string) => (turn: Promise<unknown>) => turn.then(() => done.push(reason));
  await orders.give("default", "first", save("first"));
  const disk = Promise.withResolvers<void>();
  const lifts = [1, 2].map(() => orders.lift("default", () => disk.promise.then(() => void done.push("lifted"))));
  const saved = orders.give("default", "second", save("second"));
  disk.resolve();
  await Promise.all(lifts);
  expect(await saved).toBe(true);
  expect(orders.of("acme")).toBe("second");
  expect(done).toEqual(["first", "lifted", "lifted", "second"]);
});

test("a stop that an earlier process had written down is lifted, also where that is read only then", async () => {
  const orders = new StopOrders(neverAgain);
  await orders.lift("acme", async () => orders.know("acme", "of old"));
  expect(orders.of("acme")).toBeUndefined();
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
