import { allScopes } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { MemoryApiKeys } from "#store";
import { httpDaemon } from "../../../test/support/http-daemon.ts";
import { Authenticator } from "./authenticator.ts";

const strong = "0123456789abcdef0123456789abcdef";

describe("keys that live as long as the daemon", () => {
  const keys = new MemoryApiKeys();

  test("open everything of the default tenant, and are told apart by their names", async () => {
    const authenticator = new Authenticator({ keys, fixed: { local: strong, environment: `${strong}!` } });
    for (const [key, keyId] of [
      [strong, "local"],
      [`${strong}!`, "environment"],
    ]) {
      expect(await authenticator.authenticate({ authorization: `bearer ${key}` })).toMatchObject({
        kind: "known",
        identity: { via: "key", caller: { tenant: "default", keyId, scopes: new Set(allScopes) } },
      });
    }
    expect((await authenticator.byKey(strong.slice(1))).kind).toBe("refused");
  });

  test.each([
    ["short", "0123456789abcdef0123456789abcde"],
    ["empty", ""],
    ["of few characters", "abababababababababababababababab"],
    ["longer than a login takes", strong.repeat(7)],
    ["with a blank", `${strong} `],
    ["with what no header holds", `${strong}ü`],
  ])("are refused when they are %s", (_what, environment) => {
    const made = () => new Authenticator({ keys, fixed: { environment } });
    expect(made).toThrow(/ASSAY_API_KEY/);
    expect(made).not.toThrow(environment === "" ? "nothing" : environment);
  });
});

describe("keys that were made", () => {
  test("hold until they are revoked or have expired", async () => {
    let now = 1_000;
    const keys = new MemoryApiKeys(() => now);
    const authenticator = new Authenticator({ keys, fixed: {}, now: () => now });
    const { key, view } = await keys.create({ tenant: "a", name: "k", scopes: ["read"], expiresAt: 2_000 });
    const scopes = new Set(["read"] as const);
    const caller = { tenant: "a", keyId: view.id, keyName: "k", scopes, expiresAt: 2_000 };
    expect(await authenticator.byKey(key)).toEqual({
      kind: "known",
      identity: { caller, via: "key", expiresAt: 2_000 },
    });
    expect(await authenticator.stillHolds(caller)).toBe(true);
    expect(await authenticator.stillHolds({ ...caller, tenant: "b" })).toBe(false);
    now = 2_000;
    expect(await authenticator.byKey(key)).toMatchObject({ kind: "refused", owner: caller });
    expect(await authenticator.stillHolds(caller)).toBe(false);
  });

  test("cannot make mightier ones, nor keys of other tenants but for the default tenant's", async () => {
    await using daemon = await httpDaemon();
    const { key: narrow } = await daemon.newKey(["admin", "read"]);
    const { key: other } = await daemon.newKey(["admin", "read"], { tenant: "other" });
    const ask = (key: string, body: object) => daemon.post("/v1/keys", { name: "new", ...body }, { key });
    expect((await ask(narrow, { scopes: ["read", "runs"] })).status).toBe(403);
    expect((await ask(other, { scopes: ["read"], tenant: "default" })).status).toBe(403);
    expect((await ask(narrow, { scopes: ["read"], tenant: "../other" })).status).toBe(400);
    const own = await ask(other, { scopes: ["read", "read"] });
    expect([own.status, await own.json()]).toMatchObject([201, { view: { tenant: "other", scopes: ["read"] } }]);
    const given = await ask(narrow, { scopes: ["read"], tenant: "other", expiresInSeconds: 60 });
    const { key, view } = (await given.json()) as {
      key: string;
      view: { id: string; expiresAt: number; createdAt: number };
    };
    expect(view.expiresAt - view.createdAt).toBeGreaterThanOrEqual(59_000);
    expect((await daemon.ask("/v1/runs", { key })).status).toBe(200);
    expect((await daemon.post(`/v1/keys/${view.id}/revoke`, undefined, { key: narrow })).status).toBe(404);
    expect((await daemon.post(`/v1/keys/${view.id}/revoke`, undefined, { key: other })).status).toBe(200);
    expect((await daemon.ask("/v1/runs", { key })).status).toBe(401);
  });
});

describe("the audit of mutations", () => {
  test("is read in pages, newest first, and refuses a cursor that it never gave", async () => {
    await using daemon = await httpDaemon();
    for (let n = 0; n < 5; n++) await daemon.post("/v1/emergency-stop", { reason: `${n}` });
    type Page = { items: { seq: number }[]; next?: string };
    const first = (await (await daemon.ask("/v1/audit?limit=3")).json()) as Page;
    const rest = (await (await daemon.ask(`/v1/audit?limit=3&cursor=${first.next}`)).json()) as Page;
    expect([...first.items, ...rest.items].map(({ seq }) => seq)).toEqual([5, 4, 3, 2, 1]);
    expect(rest.next).toBeUndefined();
    for (const cursor of ["0", "-1", "1e9", "x", "9".repeat(30)]) {
      expect((await daemon.ask(`/v1/audit?cursor=${cursor}`)).status).toBe(400);
    }
  });
});
