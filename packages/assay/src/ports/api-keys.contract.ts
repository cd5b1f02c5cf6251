import { describe, expect, test } from "vitest";
import type { ApiKeys } from "./api-keys.ts";

/** What every `ApiKeys` keeps; `open` gives an empty one each time, on the given clock. */
export function apiKeysContract(name: string, open: (now: () => number) => Promise<ApiKeys>): void {
  describe(`${name} as keys`, () => {
    const clock = { at: 1_000_000 };
    const opened = () => open(() => clock.at);
    const wanted = { tenant: "a", name: "ci", scopes: ["read", "runs"] as const };

    test("finds the key that it made, and nothing for any other text", async () => {
      const keys = await opened();
      const { key, view } = await keys.create(wanted);
      expect(await keys.find(key)).toMatchObject({ ...wanted, id: view.id, createdAt: clock.at });
      const changed = `${key.slice(0, -1)}${key.endsWith("A") ? "B" : "A"}`;
      for (const text of [
        "",
        view.id,
        `assay_${view.id}_`,
        changed,
        `${key}A`,
        key.toUpperCase(),
        `${key}\n`,
        ` ${key}`,
      ]) {
        expect(await keys.find(text)).toBeUndefined();
      }
    });

    test("makes keys that tell their id and nothing else, each another", async () => {
      const keys = await opened();
      const made = await Promise.all(Array.from({ length: 20 }, () => keys.create(wanted)));
      expect(new Set(made.map(({ key }) => key)).size).toBe(20);
      for (const { key, view } of made) expect(key).toMatch(new RegExp(`^assay_${view.id}_[A-Za-z0-9_-]{43}$`));
    });

    test("shows a key's view without anything of the key", async () => {
      const keys = await opened();
      const { key } = await keys.create(wanted);
      const secret = key.split("_").slice(2).join("_");
      expect(JSON.stringify([await keys.list("a"), await keys.find(key)])).not.toContain(secret);
    });

    test("finds a key that is revoked or expired too, and says so", async () => {
      const keys = await opened();
      const { key, view } = await keys.create({ ...wanted, expiresAt: 5 });
      expect(await keys.find(key)).toMatchObject({ expiresAt: 5 });
      const revoked = await keys.revoke("a", view.id);
      expect(revoked).toMatchObject({ revokedAt: clock.at });
      clock.at += 10;
      expect(await keys.revoke("a", view.id)).toMatchObject({ revokedAt: clock.at - 10 });
      expect(await keys.find(key)).toMatchObject({ revokedAt: clock.at - 10 });
    });

    test("shows and revokes a tenant's own keys alone", async () => {
      const keys = await opened();
      const { key, view } = await keys.create(wanted);
      const { view: other } = await keys.create({ ...wanted, tenant: "b" });
      expect(await keys.revoke("b", view.id)).toBeUndefined();
      expect(await keys.read("b", view.id)).toBeUndefined();
      expect(await keys.read("a", view.id)).toMatchObject({ id: view.id });
      expect((await keys.find(key))?.revokedAt).toBeUndefined();
      expect((await keys.list("b")).map(({ id }) => id)).toEqual([other.id]);
      expect(await keys.list("c")).toEqual([]);
    });

    test("revokes with a key all that it made, of every tenant, however far down, and nothing else", async () => {
      const keys = await opened();
      const { view: first } = await keys.create({ ...wanted, madeBy: "local" });
      const { view: second } = await keys.create({ ...wanted, tenant: "b", madeBy: first.id });
      const { key, view: third } = await keys.create({ ...wanted, tenant: "b", madeBy: second.id });
      const { view: other } = await keys.create({ ...wanted, madeBy: "local" });
      expect(await keys.read("b", third.id)).toMatchObject({ madeBy: second.id });
      const revoked = await keys.revoke("a", first.id);
      expect(revoked?.alsoRevoked.toSorted()).toEqual([second.id, third.id].toSorted());
      expect((await keys.find(key))?.revokedAt).toBe(clock.at);
      expect((await keys.read("a", other.id))?.revokedAt).toBeUndefined();
      await expect(keys.create({ ...wanted, madeBy: first.id })).rejects.toMatchObject({
        fault: { code: "unauthorized" },
      });
      expect(await keys.list("a")).toHaveLength(2);
    });

    test("notes a key's use to the minute", async () => {
      const keys = await opened();
      const { key, view } = await keys.create(wanted);
      expect((await keys.read("a", view.id))?.lastUsedAt).toBeUndefined();
      const first = clock.at;
      await keys.find(key);
      clock.at += 59_999;
      expect(await keys.find(key)).toMatchObject({ lastUsedAt: first });
      clock.at += 1;
      await keys.find(key);
      expect(await keys.read("a", view.id)).toMatchObject({ lastUsedAt: first + 60_000 });
    });
  });
}
