import type { Digest } from "@assay/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type RunId, runId } from "#domain";
import type { Claim, TaskEnd, TaskOffer, WorkQueue } from "./work-queue.ts";

/** An empty queue with these runs under way, and its time, which passes only when told to. */
export type QueuePlace = { queue: WorkQueue; pass(ms: number): Promise<void> } & AsyncDisposable;

const first = runId("plan-contract1");
const second = runId("plan-contract2");
const input = `sha256:${"a".repeat(64)}` as Digest;
const coder = { id: "coder", role: "coder" as const, capabilities: ["python", "linux"] };
const other = { ...coder, id: "other" };
const done = { outcome: "done" as const, detail: "it is done" };
const never = new AbortController().signal;

function offerOf(task: string, given: Partial<TaskOffer> = {}): TaskOffer {
  const asked = { kind: "propose" as const, role: "coder" as const, capabilities: [], leaseMs: 1000, triesMax: 3 };
  return { run: first, task, input, ...asked, ...given };
}

async function claimed(claim: Promise<Claim | undefined>): Promise<Claim> {
  return (await claim) ?? expect.fail("no task was given");
}

/** What a claim that may wait has come to by now. */
async function byNow<T>(place: QueuePlace, promise: Promise<T>): Promise<T | "waits"> {
  let result: T | "waits" = "waits";
  void promise.then((value) => {
    result = value;
  });
  await place.pass(0);
  return result;
}

/** What every `WorkQueue` keeps; `open` gives a new one each time. */
export function workQueueContract(name: string, open: (runs: readonly RunId[]) => Promise<QueuePlace>): void {
  const openBoth = () => open([first, second]);

  describe(`${name} as a work queue`, () => {
    test("gives the oldest offer to whoever has its role and all its capabilities, and to nobody else", async () => {
      await using place = await openBoth();
      const { queue } = place;
      void queue.offer(offerOf("needs-windows", { capabilities: ["windows"] }), never).catch(() => undefined);
      void queue.offer(offerOf("tests", { role: "tester" }), never).catch(() => undefined);
      void queue.offer(offerOf("a", { capabilities: ["linux"] }), never).catch(() => undefined);
      void queue.offer(offerOf("b", { run: second }), never).catch(() => undefined);
      void queue.offer(offerOf("c", { capabilities: ["linux", "python"] }), never).catch(() => undefined);
      await place.pass(0);
      expect(queue.depth()).toEqual({ queued: 5, claimed: 0 });
      for (const task of ["a", "b", "c"]) {
        expect((await claimed(queue.claim(coder, never))).offer.task).toBe(task);
      }
      const stop = new AbortController();
      const nothing = queue.claim(coder, stop.signal);
      expect(await byNow(place, nothing)).toBe("waits");
      stop.abort();
      expect(await nothing).toBeUndefined();
      expect(queue.depth()).toEqual({ queued: 2, claimed: 3 });
      expect(queue.claimsOf("coder").map(({ offer }) => offer.task)).toEqual(["a", "b", "c"]);
    });

    test("gives an offer to whoever has waited longest for one like it", async () => {
      await using place = await openBoth();
      const claims = [coder, other].map((worker) => queueClaim(place, worker));
      await place.pass(0);
      void place.queue.offer(offerOf("a"), never).catch(() => undefined);
      void place.queue.offer(offerOf("b"), never).catch(() => undefined);
      const got = await Promise.all(claims.map(claimed));
      expect(got.map(({ worker, offer }) => [worker, offer.task])).toEqual([
        ["coder", "a"],
        ["other", "b"],
      ]);
    });

    test("ends a task by the result that came with the valid token, once", async () => {
      await using place = await openBoth();
      const { queue } = place;
      const end = queue.offer(offerOf("a"), never);
      const { token, attempt } = await claimed(queue.claim(coder, never));
      expect(attempt).toBe(1);
      const result = { ...done, output: input, statement: input };
      expect(await queue.finish(first, "a", token + 1, result)).toBe("refused");
      expect(await queue.finish(second, "a", token, result)).toBe("refused");
      expect(await queue.finish(first, "a", token, result)).toBe("finished");
      expect(await end).toMatchObject({ ...result, worker: "coder", token, attempts: 1 });
      expect(await queue.finish(first, "a", token, { outcome: "failed", detail: "no" })).toBe("finished");
      expect(await queue.finish(first, "a", token + 1, result)).toBe("refused");
      expect(await queue.heartbeat(first, "a", token)).toEqual({ kind: "lost" });
      expect(queue.depth()).toEqual({ queued: 0, claimed: 0 });
      expect(queue.claimsOf("coder")).toEqual([]);
    });

    test("gives an expired lease to the next worker, and the old token is void for good", async () => {
      await using place = await openBoth();
      const { queue } = place;
      const end = queue.offer(offerOf("a"), never);
      const old = await claimed(queue.claim(coder, never));
      const next = queue.claim(other, never);
      await place.pass(999);
      expect(await byNow(place, next)).toBe("waits");
      await place.pass(1);
      const { token, attempt, worker } = await claimed(next);
      expect({ attempt, worker }).toEqual({ attempt: 2, worker: "other" });
      expect(token).toBeGreaterThan(old.token);
      expect(await queue.heartbeat(first, "a", old.token)).toEqual({ kind: "lost" });
      expect(await queue.finish(first, "a", old.token, done)).toBe("refused");
      await queue.release(first, "a", old.token, "returned", "too late");
      expect(queue.claimsOf("coder")).toEqual([]);
      expect(await queue.finish(first, "a", token, done)).toBe("finished");
      expect(await end).toMatchObject({ worker: "other", attempts: 2 });
    });

    test("says whose a valid claim is", async () => {
      await using place = await openBoth();
      const { queue } = place;
      void queue.offer(offerOf("a"), never).catch(() => undefined);
      const { token } = await claimed(queue.claim(coder, never));
      expect(await queue.holding(first, "a", token)).toEqual({ worker: "coder", input });
      expect(await queue.holding(first, "a", token - 1)).toBeUndefined();
      expect(await queue.holding(second, "a", token)).toBeUndefined();
      await queue.release(first, "a", token, "returned", "I stop");
      expect(await queue.holding(first, "a", token)).toBeUndefined();
    });

    test("holds a claim as long as it is heard of", async () => {
      await using place = await openBoth();
      const { queue } = place;
      void queue.offer(offerOf("a"), never).catch(() => undefined);
      const { token, leaseUntil } = await claimed(queue.claim(coder, never));
      for (let n = 1; n <= 5; n++) {
        await place.pass(800);
        expect(await queue.heartbeat(first, "a", token)).toEqual({ kind: "held", leaseUntil: leaseUntil + 800 * n });
      }
      await place.pass(1000);
      expect(await queue.heartbeat(first, "a", token)).toEqual({ kind: "lost" });
      expect(queue.depth()).toEqual({ queued: 1, claimed: 0 });
    });

    test("offers what was given back before what came later, and that is no try", async () => {
      await using place = await openBoth();
      const { queue } = place;
      const end = queue.offer(offerOf("a", { triesMax: 1 }), never);
      void queue.offer(offerOf("b"), never).catch(() => undefined);
      const { token } = await claimed(queue.claim(coder, never));
      await queue.release(first, "a", token, "returned", "I stop");
      const again = await claimed(queue.claim(other, never));
      expect(again.offer.task).toBe("a");
      await queue.release(first, "a", again.token, "failed", "it cannot be done");
      const result: TaskEnd = await end;
      expect(result).toMatchObject({ outcome: "failed", attempts: 2 });
      expect(result.detail).toContain("it cannot be done");
      expect(result.token).toBeUndefined();
      expect((await claimed(queue.claim(other, never))).offer.task).toBe("b");
    });

    test("has a task fail when its time is over, and a claim of it is void then, heard of or not", async () => {
      await using place = await openBoth();
      const { queue } = place;
      const [a, b] = ["a", "b"].map((task) => queue.offer(offerOf(task, { waitMsMax: 500, triesMax: 9 }), never));
      const { token } = await claimed(queue.claim(coder, never));
      await place.pass(499);
      expect(await queue.heartbeat(first, "a", token)).toMatchObject({ kind: "held" });
      await place.pass(1);
      expect(await b).toMatchObject({ outcome: "failed", attempts: 0, detail: "no worker brought a result in 500 ms" });
      const end = await a;
      expect(end).toMatchObject({ outcome: "failed", attempts: 1 });
      expect(end?.detail).toContain("worker coder had it");
      expect(end?.token).toBeUndefined();
      expect(await queue.heartbeat(first, "a", token)).toEqual({ kind: "lost" });
      expect(await queue.finish(first, "a", token, done)).toBe("refused");
      expect(queue.depth()).toEqual({ queued: 0, claimed: 0 });
      expect(queue.claimsOf("coder")).toEqual([]);
    });

    test("takes a result with which something is wrong for a try without one", async () => {
      await using place = await openBoth();
      const { queue } = place;
      const end = queue.offer(offerOf("a"), never, async ({ detail }) => (detail === "it is done" ? "no" : undefined));
      const { token } = await claimed(queue.claim(coder, never));
      expect(await queue.finish(first, "a", token, done)).toBe("refused");
      expect(await queue.finish(first, "a", token, { ...done, detail: "better" })).toBe("refused");
      const again = await claimed(queue.claim(coder, never));
      expect(await queue.finish(first, "a", again.token, { ...done, detail: "better" })).toBe("finished");
      expect(await end).toMatchObject({ detail: "better", attempts: 2 });
    });

    test("makes a revoked worker's claims void at once and lets it wait for nothing, and nobody else's", async () => {
      await using place = await openBoth();
      const { queue } = place;
      for (const task of ["a", "b", "c"]) void queue.offer(offerOf(task), never).catch(() => undefined);
      const bad = [await claimed(queue.claim(coder, never)), await claimed(queue.claim(coder, never))];
      const good = await claimed(queue.claim(other, never));
      const waiting = queue.claim({ ...coder, capabilities: [] }, never);
      expect(await byNow(place, waiting)).toBe("waits");
      await queue.revoke("coder", "revoked", "its results differed");
      expect(await waiting).toBeUndefined();
      for (const { offer, token } of bad) {
        expect(await queue.heartbeat(first, offer.task, token)).toEqual({ kind: "lost" });
        expect(await queue.finish(first, offer.task, token, done)).toBe("refused");
      }
      expect(await queue.finish(first, good.offer.task, good.token, done)).toBe("finished");
      expect(queue.depth()).toEqual({ queued: 2, claimed: 0 });
    });

    test("withdraws what nobody waits for any more, queued or claimed", async () => {
      await using place = await openBoth();
      const { queue } = place;
      const stop = new AbortController();
      const ends = ["a", "b"].map((task) => queue.offer(offerOf(task), stop.signal));
      const { token } = await claimed(queue.claim(coder, never));
      const reason = new Error("enough");
      stop.abort(reason);
      expect((await Promise.allSettled(ends)).map((end) => (end.status === "rejected" ? end.reason : end))).toEqual([
        reason,
        reason,
      ]);
      expect(await queue.heartbeat(first, "a", token)).toEqual({ kind: "lost" });
      expect(await queue.finish(first, "a", token, done)).toBe("refused");
      const waiting = queue.claim(coder, AbortSignal.any([]));
      expect(await byNow(place, waiting)).toBe("waits");
      expect(queue.depth()).toEqual({ queued: 0, claimed: 0 });
      await expect(queue.offer(offerOf("c"), stop.signal)).rejects.toBe(reason);
    });

    test("has every task done once by many workers, whatever they do meanwhile", async () => {
      const step = fc.record({
        worker: fc.integer({ min: 0, max: 3 }),
        what: fc.constantFrom("claim", "finish", "old", "release", "heartbeat", "revoke", "pass", "pass-long"),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          await using place = await openBoth();
          const { queue } = place;
          const tasks = Array.from({ length: 5 }, (_, n) => offerOf(`t${n}`, { run: n % 2 ? first : second }));
          const ends = tasks.map((offer) => queue.offer({ ...offer, triesMax: 100 }, never));
          const given: Claim[] = [];
          const finished = new Set<string>();
          const tokens = new Map<string, number>();
          const take = async (worker: number) => {
            const claim = await byNow(place, queue.claim({ ...coder, id: `w${worker}` }, never));
            if (claim === "waits" || claim === undefined) return;
            const key = claim.offer.task;
            expect(finished.has(key)).toBe(false);
            expect(claim.token).toBeGreaterThan(tokens.get(key) ?? 0);
            tokens.set(key, claim.token);
            given.push(claim);
          };
          const isNewest = ({ offer, token }: Claim) => tokens.get(offer.task) === token;
          for (const { worker, what } of steps) {
            const own = given.findLast((claim) => claim.worker === `w${worker}`);
            const old = given.find((claim) => claim.worker === `w${worker}`);
            const about = what === "old" ? old : own;
            if (what === "claim") await take(worker);
            else if (what === "pass") await place.pass(400);
            else if (what === "pass-long") await place.pass(1100);
            else if (what === "revoke") await queue.revoke(`w${worker}`, "revoked", "test");
            else if (about !== undefined) {
              const { run, task } = about.offer;
              if (what === "heartbeat") await queue.heartbeat(run, task, about.token);
              else if (what === "release") await queue.release(run, task, about.token, "failed", "test");
              else if ((await queue.finish(run, task, about.token, done)) === "finished") {
                expect(isNewest(about)).toBe(true);
                finished.add(task);
              }
            }
          }
          // Whoever is left over waits for what may come back: all that is not done is done now.
          while (finished.size < tasks.length) {
            await place.pass(1100);
            const claim = queue.claimsOf("w9")[0] ?? (await claimed(queue.claim({ ...coder, id: "w9" }, never)));
            expect(finished.has(claim.offer.task)).toBe(false);
            if ((await queue.finish(claim.offer.run, claim.offer.task, claim.token, done)) === "finished") {
              finished.add(claim.offer.task);
            }
          }
          expect((await Promise.all(ends)).every(({ outcome }) => outcome === "done")).toBe(true);
        }),
        { numRuns: 40 },
      );
    });

    test("hands 1,000 tasks to 50 workers, each once", async () => {
      await using place = await openBoth();
      const { queue } = place;
      const ends = Array.from({ length: 1000 }, (_, n) => queue.offer(offerOf(`t${n}`), never));
      const stop = new AbortController();
      const seen: string[] = [];
      const workers = Array.from({ length: 50 }, async (_, n) => {
        for (;;) {
          const claim = await queue.claim({ ...coder, id: `w${n}` }, stop.signal);
          if (claim === undefined) return;
          seen.push(claim.offer.task);
          await queue.finish(first, claim.offer.task, claim.token, done);
        }
      });
      await Promise.all(ends);
      stop.abort();
      await Promise.all(workers);
      expect(seen).toHaveLength(1000);
      expect(new Set(seen).size).toBe(1000);
    });
  });
}

function queueClaim({ queue }: QueuePlace, worker: typeof coder): Promise<Claim | undefined> {
  return queue.claim(worker, never);
}
