import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { forgottenAfterMs, type Registration, type WorkerRegistry } from "./worker-registry.ts";

export type OpenRegistry = (options: {
  tenant: string;
  now: () => number;
  workersMax?: number;
}) => Promise<WorkerRegistry>;

function newRegistration(overrides: Partial<Registration> = {}): Registration {
  const publicKey = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString();
  return { name: "bench", role: "tester", capabilities: ["python", "pytest"], publicKey, ...overrides };
}

/** What every `WorkerRegistry` keeps. `open` gives one on the same store each time it is called within a test; `reset` a new store. */
export function workerRegistryContract(name: string, reset: () => Promise<OpenRegistry>): void {
  async function open(now: () => number = () => 1000) {
    return (await reset())({ tenant: "acme", now });
  }

  describe(`${name} as worker registry`, () => {
    test("knows a worker by what it registered with, and trusts it with nothing", async () => {
      const registry = await open();
      const registration = newRegistration();
      const worker = await registry.register(registration);
      expect(worker).toMatchObject({ ...registration, attest: false, done: 0, failed: 0, registeredAt: 1000 });
      expect(worker.reexecuted).toEqual({ agreed: 0, differed: 0 });
      expect(worker.revoked).toBeUndefined();
      expect(await registry.get(worker.id)).toEqual(worker);
    });

    test("gives the same worker for the same key, however the key is written, with its grants and history", async () => {
      let now = 1000;
      const registry = await open(() => now);
      const registration = newRegistration();
      const first = await registry.register(registration);
      await registry.grantAttest(first.id, true);
      await registry.count(first.id, "done");
      now = 5000;
      const rewrapped = registration.publicKey.replaceAll("\n", "\r\n");
      const again = await registry.register({ ...registration, publicKey: rewrapped, name: "renamed", role: "coder" });
      expect(again).toMatchObject({ id: first.id, name: "renamed", role: "coder", attest: true, done: 1 });
      expect(again).toMatchObject({ registeredAt: 1000, lastSeenAt: 5000 });
      expect(await registry.list()).toHaveLength(1);
    });

    test("keeps a revoked worker revoked for its first reason, also when it registers again", async () => {
      const registry = await open();
      const registration = newRegistration();
      const { id } = await registry.register(registration);
      await registry.revoke(id, "its results differed");
      await registry.revoke(id, "again");
      expect((await registry.register(registration)).revoked).toEqual({ at: 1000, because: "its results differed" });
    });

    test("says of all workers at once which are revoked, and why", async () => {
      const registry = await open();
      const { id } = await registry.register(newRegistration());
      await registry.register(newRegistration());
      await registry.revoke(id, "its results differed");
      expect([...(await registry.revocations())]).toEqual([[id, "its results differed"]]);
    });

    test("has so many workers, and forgets the one that was silent longest and did nothing for a new one", async () => {
      let now = 1000;
      const registry = await (await reset())({ tenant: "acme", now: () => now++, workersMax: 5 });
      const join = async () => (await registry.register(newRegistration())).id;
      const [worked, granted, revoked] = [await join(), await join(), await join()];
      const silent = newRegistration();
      await registry.register(silent);
      const silentLess = await join();
      await registry.count(worked, "done");
      await registry.grantAttest(granted, true);
      await registry.revoke(revoked, "it lied");
      await expect(join()).rejects.toMatchObject({ fault: { code: "rate-limited" } });
      expect(await registry.register(silent)).toMatchObject({ publicKey: silent.publicKey });
      now += forgottenAfterMs;
      const fresh = await join();
      const ids = (await registry.list()).map(({ id }) => id);
      expect(ids).toHaveLength(5);
      for (const id of [worked, granted, revoked, fresh]) expect(ids).toContain(id);
      expect(ids).not.toContain(silentLess);
    });

    test("takes an attestation grant back", async () => {
      const registry = await open();
      const { id } = await registry.register(newRegistration());
      await registry.grantAttest(id, true);
      await registry.grantAttest(id, false);
      expect((await registry.get(id))?.attest).toBe(false);
    });

    test("counts what came of a worker's tasks", async () => {
      const registry = await open();
      const { id } = await registry.register(newRegistration());
      for (const what of ["done", "done", "failed", "agreed", "agreed", "agreed", "differed"] as const) {
        await registry.count(id, what);
      }
      expect(await registry.get(id)).toMatchObject({ done: 2, failed: 1, reexecuted: { agreed: 3, differed: 1 } });
    });

    test("says when a worker was last seen, to ten seconds", async () => {
      let now = 1000;
      const registry = await open(() => now);
      const { id } = await registry.register(newRegistration());
      now = 60_000;
      await registry.seen(id);
      expect((await registry.get(id))?.lastSeenAt).toBe(60_000);
    });

    test("lists workers in the order in which they came", async () => {
      let now = 1000;
      const registry = await open(() => now++);
      const ids: string[] = [];
      for (let n = 0; n < 5; n++) ids.push((await registry.register(newRegistration({ name: `w${n}` }))).id);
      expect((await registry.list()).map(({ id }) => id)).toEqual(ids);
    });

    test("does nothing for a worker that it does not have", async () => {
      const registry = await open();
      await registry.seen("nobody");
      await registry.revoke("nobody", "because");
      await registry.grantAttest("nobody", true);
      await registry.count("nobody", "done");
      expect(await registry.get("nobody")).toBeUndefined();
      expect(await registry.list()).toEqual([]);
    });

    test("refuses what is no Ed25519 public key", async () => {
      const registry = await open();
      const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" });
      const secret = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
      for (const publicKey of ["", "not a key", rsa.toString(), secret.toString()]) {
        const registered = registry.register(newRegistration({ publicKey }));
        await expect(registered).rejects.toMatchObject({ fault: { code: "key-invalid" } });
      }
    });

    test("keeps tenants apart, even where they share a worker's key", async () => {
      const openFor = await reset();
      const now = () => 1000;
      const ours = await openFor({ tenant: "acme", now });
      const theirs = await openFor({ tenant: "globex", now });
      const registration = newRegistration();
      const { id } = await ours.register(registration);
      expect(await theirs.get(id)).toBeUndefined();
      await theirs.revoke(id, "not theirs to revoke");
      const twin = await theirs.register(registration);
      expect(twin.id).not.toBe(id);
      await ours.grantAttest(twin.id, true);
      expect((await theirs.get(twin.id))?.attest).toBe(false);
      expect((await ours.get(id))?.revoked).toBeUndefined();
      expect(await ours.list()).toHaveLength(1);
    });
  });
}
