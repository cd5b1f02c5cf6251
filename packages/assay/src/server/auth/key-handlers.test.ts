import { allScopes, type Scope } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { MemoryApiKeys, MemoryMutationLog } from "#store";
import type { Caller } from "../caller.ts";
import { keyHandlers } from "./key-handlers.ts";

const nowMs = 1_000_000;

function place(onKeyRevoked: (id: string) => void = () => {}) {
  const keys = new MemoryApiKeys(() => nowMs);
  const handlers = keyHandlers({ keys, mutations: new MemoryMutationLog(), now: () => nowMs, onKeyRevoked });
  const by = (tenant: string, more: { scopes?: readonly Scope[]; expiresAt?: number; keyId?: string } = {}) => {
    const { scopes = allScopes, ...end } = more;
    const caller: Caller = { tenant, keyId: "maker", scopes: new Set(scopes), ...end };
    const call = { caller, signal: AbortSignal.any([]) };
    return {
      make: (body: { scopes?: Scope[]; tenant?: string; expiresInSeconds?: number } = {}) =>
        handlers.createKey({ ...call, params: {}, query: {}, body: { name: "made", scopes: ["read"], ...body } }),
      list: async (tenant?: string) =>
        (await handlers.listKeys({ ...call, params: {}, query: { tenant }, body: {} })).items.map(({ id }) => id),
      revoke: (id: string, tenant?: string) =>
        handlers.revokeKey({ ...call, params: { id }, query: { tenant }, body: {} }),
    };
  };
  return { by };
}

const forbidden = { fault: { code: "forbidden" } };

describe("a key that makes a key", () => {
  test("gives it no scope that it has not itself", async () => {
    const maker = place().by("acme", { scopes: ["admin", "read"] });
    expect((await maker.make({ scopes: ["read"] })).view.scopes).toEqual(["read"]);
    await expect(maker.make({ scopes: ["read", "evidence"] })).rejects.toMatchObject(forbidden);
  });

  test("gives it no longer life than its own, and its own where none is asked for", async () => {
    const maker = place().by("acme", { expiresAt: nowMs + 60_000 });
    expect((await maker.make()).view.expiresAt).toBe(nowMs + 60_000);
    expect((await maker.make({ expiresInSeconds: 59 })).view.expiresAt).toBe(nowMs + 59_000);
    await expect(maker.make({ expiresInSeconds: 61 })).rejects.toMatchObject(forbidden);
    expect((await place().by("acme").make()).view.expiresAt).toBeUndefined();
  });

  test("is shown as its maker, and takes it along when it is revoked, with the streams of both", async () => {
    const ended: string[] = [];
    const { by } = place((id) => ended.push(id));
    const { view: maker } = await by("default", { keyId: "local" }).make({ scopes: ["admin", "read"] });
    const { view } = await by("default", { keyId: maker.id }).make({ tenant: "acme" });
    expect([maker.madeBy, view.madeBy]).toEqual(["local", maker.id]);
    expect((await by("default").revoke(maker.id)).alsoRevoked).toEqual([view.id]);
    expect(ended).toEqual([maker.id, view.id]);
    expect(await by("default").revoke(view.id, "acme")).toMatchObject({ revokedAt: nowMs });
  });

  test("makes, lists and revokes those of another tenant only where it is of the default one", async () => {
    const { by } = place();
    const { view } = await by("default").make({ tenant: "acme" });
    expect(view.tenant).toBe("acme");
    expect(await by("default").list()).toEqual([]);
    expect(await by("default").list("acme")).toEqual([view.id]);
    await expect(by("globex").make({ tenant: "acme" })).rejects.toMatchObject(forbidden);
    await expect(by("globex").list("acme")).rejects.toMatchObject(forbidden);
    await expect(by("globex").revoke(view.id, "acme")).rejects.toMatchObject(forbidden);
    await expect(by("globex").revoke(view.id)).rejects.toMatchObject({ fault: { code: "not-found" } });
    expect((await by("default").revoke(view.id, "acme")).revokedAt).toBe(nowMs);
  });
});
