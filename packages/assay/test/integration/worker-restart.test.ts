import { expect, test, vi } from "vitest";
import { FaultError, fault } from "../../src/domain/index.ts";
import { ReleaseReason, State } from "../../src/wire/index.ts";
import { aRun, client, newKey, nextTask, refusal, register, reportOf, workerPlace } from "../support/worker-place.ts";

/** A worker with a claim, whose daemon has ended since. */
async function leftBehind() {
  await using place = await workerPlace();
  const worker = await register(place.url, "connect-json");
  const { offer } = await place.offer("held");
  const { claim, input } = await nextTask(worker.call.claim({ capacity: 1 })[Symbol.asyncIterator]());
  return { left: place.acme, worker, claim, input, offer };
}

test("a worker keeps what it has over a restart of the daemon, and reports it", async () => {
  const { left, worker, claim, input } = await leftBehind();
  await using place = await workerPlace({ left });
  const again = await register(place.url, "connect-json", worker.key);
  const beat = { state: State.EXECUTE, holding: [claim] };
  expect(await again.call.heartbeat(beat)).toMatchObject({ standings: [{ held: true }] });
  expect(await client(place.url, "connect-h2c", worker.token).heartbeat(beat)).toMatchObject({
    standings: [{ held: true }],
  });
  const chunks: Uint8Array[] = [];
  for await (const { chunk } of again.call.fetchBlob({ claim, digest: input })) chunks.push(chunk);
  expect(JSON.parse(Buffer.concat(chunks).toString())).toEqual({ what: "held" });
  const { digest } = await again.call.putBlob({ claim, content: Buffer.from("{}") });
  const report = reportOf(worker.key, worker.worker, claim, digest);
  expect(await refusal(again.call.report(report))).toBe("daemon-unreachable");
  const release = { claim, reason: ReleaseReason.RETURNED, detail: "" };
  expect(await refusal(again.call.release(release))).toBe("daemon-unreachable");
  await place.takeUp();
  const { end } = await place.offer("held");
  await vi.waitFor(() => expect(place.acme.queue.claimsOf(worker.worker)).toHaveLength(1), { timeout: 60_000 });
  await again.call.report(report);
  expect(await end).toMatchObject({ outcome: "done", attempts: 1, worker: worker.worker, token: claim.token });
});

test("another worker, and an older token, hold nothing after a restart either", async () => {
  const { left, worker, claim } = await leftBehind();
  await using place = await workerPlace({ left });
  const other = await register(place.url, "connect-json", newKey());
  const beat = { state: State.EXECUTE, holding: [claim] };
  expect(await other.call.heartbeat(beat)).toMatchObject({ standings: [{ held: false }] });
  expect(await refusal(other.call.putBlob({ claim, content: Buffer.from("x") }))).toBe("lease-lost");
  const old = { ...claim, token: claim.token - 1 };
  expect(await refusal(worker.call.putBlob({ claim: old, content: Buffer.from("x") }))).not.toBeUndefined();
  const again = client(place.url, "connect-json", worker.token);
  expect(await refusal(again.putBlob({ claim: old, content: Buffer.from("x") }))).toBe("lease-lost");
});

test("a worker that holds as much as it can gets nothing else while its run was not taken up again", async () => {
  const { left, worker, claim } = await leftBehind();
  await using place = await workerPlace({ left });
  const again = await register(place.url, "connect-h2c", worker.key);
  const claims = again.call.claim({ capacity: 1, holding: [claim] })[Symbol.asyncIterator]();
  await claims.next();
  await place.takeUp();
  void place.offer("another");
  await again.call.heartbeat({ state: State.EXECUTE, holding: [claim] });
  await place.offer("held");
  await vi.waitFor(() => expect(place.acme.queue.claimsOf(worker.worker)).toHaveLength(1), { timeout: 60_000 });
  await again.call.release({ claim, reason: ReleaseReason.RETURNED, detail: "" });
  await nextTask(claims);
  const types = (await left.journal.read(aRun)).map(({ type }) => type).filter((type) => /claimed|released/.test(type));
  expect(types).toEqual(["task-claimed", "task-released", "task-claimed"]);
});

test("a claim that is given back, or that reached nobody, uses up no try", async () => {
  await using place = await workerPlace();
  const worker = await register(place.url, "connect-h2c");
  const { end } = await place.offer("patient", { triesMax: 1 });
  for (let n = 0; n < 3; n++) {
    const abort = new AbortController();
    const claims = worker.call.claim({ capacity: 1 }, { signal: abort.signal })[Symbol.asyncIterator]();
    const { claim } = await nextTask(claims);
    // The next stream says that the worker does not have it.
    if (n > 0) await worker.call.release({ claim, reason: ReleaseReason.RETURNED, detail: "busy" });
    abort.abort();
    await claims.next().catch(() => undefined);
  }
  const claims = worker.call.claim({ capacity: 1 })[Symbol.asyncIterator]();
  const { claim } = await nextTask(claims);
  await worker.call.release({ claim, reason: ReleaseReason.FAILED, detail: "broken" });
  expect(await end).toMatchObject({ outcome: "failed" });
});

test("a claim that the daemon had not delivered when it ended is given again, as no try and nothing of its worker's", async () => {
  const { left, worker } = await leftBehind();
  await using place = await workerPlace({ left });
  const again = await register(place.url, "connect-h2c", worker.key);
  const claims = again.call.claim({ capacity: 1 })[Symbol.asyncIterator]();
  await claims.next();
  await place.takeUp();
  await place.offer("held", { triesMax: 1 });
  await vi.waitFor(() => expect(place.acme.queue.claimsOf(worker.worker)).toHaveLength(1), { timeout: 60_000 });
  // The first is when it is noticed, three more do not name it.
  for (let n = 0; n < 4; n++) await again.call.heartbeat({ state: State.IDLE });
  await nextTask(claims);
  const ends = (await left.journal.read(aRun)).flatMap((event) =>
    event.type === "task-released" ? [event.reason] : [],
  );
  expect(ends).toEqual(["stopped"]);
});

test("a report that counted is answered alike after a restart", async () => {
  await using before = await workerPlace();
  const worker = await register(before.url, "connect-json");
  const { end } = await before.offer("told");
  const { claim } = await nextTask(worker.call.claim({ capacity: 1 })[Symbol.asyncIterator]());
  const { digest } = await worker.call.putBlob({ claim, content: Buffer.from("{}") });
  const report = reportOf(worker.key, worker.worker, claim, digest);
  await worker.call.report(report);
  await end;
  await using place = await workerPlace({ left: before.acme });
  const again = await register(place.url, "connect-json", worker.key);
  const other = await register(place.url, "connect-json", newKey());
  expect(await refusal(again.call.report(report))).toBeUndefined();
  expect(await refusal(other.call.report(report))).toBe("lease-lost");
});

test("a claim is held on to while nothing can be written of its worker", async () => {
  await using place = await workerPlace();
  const worker = await register(place.url, "connect-json");
  await place.offer("held");
  const { claim } = await nextTask(worker.call.claim({ capacity: 1 })[Symbol.asyncIterator]());
  const locked = new FaultError(fault("run-locked", "the database is locked"));
  place.acme.registry.seen = () => Promise.reject(locked);
  place.clock.skip(20_000);
  const beat = { state: State.EXECUTE, holding: [claim] };
  expect(await worker.call.heartbeat(beat)).toMatchObject({ standings: [{ held: true }] });
  place.clock.skip(20_000);
  expect(await worker.call.heartbeat(beat)).toMatchObject({ standings: [{ held: true }] });
  expect(place.problems).toContain(locked);
});
