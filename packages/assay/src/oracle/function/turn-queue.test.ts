import { expect, it } from "vitest";
import { TurnQueue } from "./turn-queue.ts";

/** Something that is under way until it is told to end. */
function task(log: string[], name: string) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const act = async () => {
    log.push(`+${name}`);
    await promise;
    log.push(`-${name}`);
    return name;
  };
  return { act, end: resolve };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

it("serves as many as there are places, the others in their order", async () => {
  const log: string[] = [];
  const queue = new TurnQueue(2);
  const [a, b, c] = [task(log, "a"), task(log, "b"), task(log, "c")];
  const taken = [a, b, c].map(({ act }) => queue.take(1, act));
  await settle();
  expect(log).toEqual(["+a", "+b"]);
  a.end();
  await settle();
  expect(log).toEqual(["+a", "+b", "-a", "+c"]);
  b.end();
  c.end();
  expect(await Promise.all(taken)).toEqual(["a", "b", "c"]);
});

it("lets nobody begin beside one that wants every place, nor overtake it", async () => {
  const log: string[] = [];
  const queue = new TurnQueue(2);
  const [a, alone, late] = [task(log, "a"), task(log, "alone"), task(log, "late")];
  const taken = [queue.take(1, a.act), queue.take(2, alone.act), queue.take(1, late.act)];
  await settle();
  expect(log).toEqual(["+a"]);
  a.end();
  await settle();
  expect(log).toEqual(["+a", "-a", "+alone"]);
  alone.end();
  late.end();
  await Promise.all(taken);
  expect(log).toEqual(["+a", "-a", "+alone", "-alone", "+late", "-late"]);
});

it("gives a place back when something fails", async () => {
  const queue = new TurnQueue(1);
  await expect(queue.take(1, () => Promise.reject(new Error("x")))).rejects.toThrow("x");
  expect(await queue.take(1, async () => "next")).toBe("next");
});

it("does not begin what was aborted while it waited, and serves who waited behind it", async () => {
  const log: string[] = [];
  const queue = new TurnQueue(2);
  const [a, never, c] = [task(log, "a"), task(log, "never"), task(log, "c")];
  const controller = new AbortController();
  const first = queue.take(1, a.act);
  const aborted = queue.take(2, never.act, controller.signal);
  const third = queue.take(1, c.act);
  controller.abort();
  await expect(aborted).rejects.toMatchObject({ fault: { code: "interrupted" } });
  await settle();
  expect(log).toEqual(["+a", "+c"]);
  a.end();
  c.end();
  await Promise.all([first, third]);
});

it("turns away who waits or comes when it is closed, and closes when the others are done", async () => {
  const log: string[] = [];
  const queue = new TurnQueue(1);
  const [a, b] = [task(log, "a"), task(log, "b")];
  const first = queue.take(1, a.act);
  const waiting = queue.take(1, b.act);
  let closed = false;
  const closing = queue.close().then(() => (closed = true));
  await expect(waiting).rejects.toMatchObject({ fault: { code: "cancelled" } });
  await expect(queue.take(1, b.act)).rejects.toMatchObject({ fault: { code: "cancelled" } });
  expect(closed).toBe(false);
  a.end();
  await Promise.all([first, closing]);
  expect(log).toEqual(["+a", "-a"]);
});
