import { expect, test } from "vitest";
import { JournalQueue } from "#engine";
import type { RegisteredWorker } from "#ports";
import { MemoryBlobs, MemoryWorkerRegistry } from "#store";
import { newKey } from "../../../test/support/worker-place.ts";
import { WorkerSessions } from "./worker-sessions.ts";

/** A registry that counts how often it is asked. */
class AskedRegistry extends MemoryWorkerRegistry {
  asked = 0;

  override get(id: string): Promise<RegisteredWorker | undefined> {
    this.asked++;
    return super.get(id);
  }

  override revocations(): Promise<ReadonlyMap<string, string>> {
    this.asked++;
    return super.revocations();
  }
}

function place(sessionsMax = 1000) {
  const clock = { now: 1_000_000 };
  const goodKeys = new Set(["key"]);
  const registry = new AskedRegistry({ tenant: "acme" });
  const work = { queue: new JournalQueue(), registry, blobs: new MemoryBlobs() };
  const sessions = new WorkerSessions({
    tenants: new Map([["acme", work]]),
    keyStands: async (_tenant, keyId) => goodKeys.has(keyId),
    now: () => clock.now,
    sessionsMax,
    onProblem: (error) => {
      throw error;
    },
  });
  const come = (worker: string) => {
    const session = sessions.open("acme", worker);
    session.lastHeardAt = clock.now;
    session.keyId = "key";
    return session;
  };
  return { clock, goodKeys, registry, sessions, come, [Symbol.asyncDispose]: () => sessions[Symbol.asyncDispose]() };
}

const minuteMs = 60_000;

test("all workers of a tenant are looked up in one question, and one that was revoked is told", async () => {
  await using here = place();
  const { registry, sessions, come } = here;
  const { id } = await registry.register({ name: "w", role: "coder", capabilities: [], publicKey: newKey().pem });
  const session = come(id);
  for (let n = 0; n < 500; n++) come(`w${n}`);
  await registry.revoke(id, "it lied");
  const before = registry.asked;
  await sessions.look();
  expect(registry.asked - before).toBeLessThanOrEqual(2);
  expect(session.revokedBecause).toBe("it lied");
});

test("a worker that has nothing and is long silent is forgotten, one with a stream or a claim is not", async () => {
  await using here = place();
  const { clock, sessions, come } = here;
  come("silent");
  come("owing").claims.owe({ run: "plan-00000001" as never, task: "t", token: 1 });
  using _stream = come("streaming").openStream("key");
  clock.now += 11 * minuteMs;
  come("fresh");
  await sessions.look();
  const known = ["silent", "owing", "streaming", "fresh"].filter((worker) => sessions.find("acme", worker));
  expect(known).toEqual(["owing", "streaming", "fresh"]);
});

test("a key that is revoked takes its workers with it", async () => {
  await using here = place();
  const { goodKeys, sessions, come } = here;
  come("w");
  goodKeys.clear();
  await sessions.look();
  expect(sessions.find("acme", "w")).toBeUndefined();
});

test("as many are here as may be: who comes then takes the place of a silent one, or is told what to do", async () => {
  await using here = place(2);
  const { clock, sessions, come } = here;
  come("a");
  clock.now += 2 * minuteMs;
  come("b");
  come("c");
  expect(sessions.find("acme", "a")).toBeUndefined();
  expect(() => come("d")).toThrow("2 workers of tenant acme are here");
  expect(come("b")).toBe(sessions.find("acme", "b"));
});
