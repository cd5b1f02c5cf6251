import { expect, test } from "vitest";
import { State } from "../../src/wire/index.ts";
import { apiKeys, nextTask, refusal, register, workerPlace } from "../support/worker-place.ts";

test("an API key that is revoked ends the tokens, streams and claims of the workers that came with it", async () => {
  await using place = await workerPlace();
  const worker = await register(place.url, "connect-h2c");
  const others = await register(place.url, "connect-h2c", undefined, apiKeys.globex);
  await place.offer("held");
  const claims = worker.call.claim({ capacity: 1 })[Symbol.asyncIterator]();
  await nextTask(claims);
  const control = worker.call.control({})[Symbol.asyncIterator]();
  await control.next();
  place.revokedKeys.add("k-acme");
  expect(await refusal(worker.call.heartbeat({ state: State.IDLE }))).toBe("unauthorized");
  expect(await refusal(claims.next())).toBe("unauthorized");
  expect(await refusal(control.next())).toBe("unauthorized");
  expect(place.acme.queue.claimsOf(worker.worker)).toEqual([]);
  expect(await refusal(others.call.heartbeat({ state: State.IDLE }))).toBeUndefined();
  expect(place.problems).toEqual([]);
});

test("a worker that came back with another API key keeps what it has when the first is revoked", async () => {
  await using place = await workerPlace();
  const old = await register(place.url, "connect-h2c");
  const left = old.call.control({})[Symbol.asyncIterator]();
  await left.next();
  const fresh = await register(place.url, "connect-h2c", old.key, apiKeys.acmeToo);
  await place.offer("kept");
  const claims = fresh.call.claim({ capacity: 1 })[Symbol.asyncIterator]();
  const { claim } = await nextTask(claims);
  place.revokedKeys.add("k-acme");
  expect(await refusal(left.next())).toBe("unauthorized");
  expect(await fresh.call.heartbeat({ state: State.EXECUTE, holding: [claim] })).toMatchObject({
    standings: [{ held: true }],
  });
});
