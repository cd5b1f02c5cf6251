import { get } from "node:http";
import { allScopes, type Route, type RouteName, routes } from "@assay/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "#ports";
import { type HttpDaemon, httpDaemon, localKey } from "../support/http-daemon.ts";
import { type RouteExample, routeExamples } from "../support/route-examples.ts";

const names = Object.keys(routes) as RouteName[];
const routeOf = (name: RouteName): Route => routes[name];
const guarded = names.filter((name) => routeOf(name).scope !== undefined);
const open = names.filter((name) => routeOf(name).scope === undefined);
const changing = guarded.filter((name) => routeOf(name).method === "POST");
const secret = "only the default tenant may read this";

let daemon: HttpDaemon;
let examples: Record<RouteName, RouteExample>;

beforeAll(async () => {
  const plenty = 1_000_000;
  const rateLimits = { addressPerMinuteMax: plenty, keyPerMinuteMax: plenty, failedPerMinuteMax: plenty };
  daemon = await httpDaemon({ rateLimits });
  await daemon.post("/v1/blobs", { base64: Buffer.from(secret).toString("base64") });
  const { run } = daemon.project.addRun("default");
  const { view } = await daemon.newKey(["read"]);
  examples = routeExamples({ run, digest: digestOf(secret), keyId: view.id });
});
afterAll(() => daemon[Symbol.asyncDispose]());

/** The example of an operation, with these headers instead of a key. */
function request(name: RouteName, headers: Record<string, string>): Promise<Response> {
  const { path, body } = examples[name];
  return daemon.ask(path, {
    key: null,
    method: routeOf(name).method,
    headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const byKey = (name: RouteName, key: string) => request(name, { authorization: `Bearer ${key}` });

async function cookieOf(key: string): Promise<string> {
  const opened = await daemon.post("/v1/session", { key });
  return (opened.headers.get("set-cookie") ?? "").split(";", 1)[0] ?? "";
}

async function expectRefusal(response: Response, status: number, code: string): Promise<void> {
  expect([response.status, await response.json()]).toMatchObject([status, { status, code }]);
}

/** Let in: what the operation then says of an example that names nothing is its own. */
async function expectLetIn(response: Response): Promise<void> {
  await response.body?.cancel();
  expect([401, 403, 429]).not.toContain(response.status);
  expect(response.status).toBeLessThan(500);
}

describe.each(guarded)("%s", (name) => {
  const scope = routes[name].scope ?? "admin";

  test("is refused without a key, and with one that is none", async () => {
    await expectRefusal(await request(name, {}), 401, "unauthorized");
    for (const authorization of [
      "Bearer",
      "Bearer garbage",
      "Basic YTpi",
      `Bearer assay_${"0".repeat(16)}_${"a".repeat(43)}`,
    ]) {
      await expectRefusal(await request(name, { authorization }), 401, "unauthorized");
    }
  });

  test("is refused to a key that has every other scope", async () => {
    const { key } = await daemon.newKey(allScopes.filter((other) => other !== scope));
    await expectRefusal(await byKey(name, key), 403, "forbidden");
  });

  test("is let in with its scope alone", async () => {
    const { key } = await daemon.newKey([scope, ...(name === "createKey" ? (["admin"] as const) : [])]);
    await expectLetIn(await byKey(name, key));
  });

  test("is refused to a key that has expired or was revoked", async () => {
    const { key: expired } = await daemon.newKey(allScopes, { expiresAt: 1 });
    await expectRefusal(await byKey(name, expired), 401, "unauthorized");
    const { key: revoked, view } = await daemon.newKey(allScopes);
    await daemon.keys.revoke("default", view.id);
    await expectRefusal(await byKey(name, revoked), 401, "unauthorized");
  });

  test("shows another tenant nothing, and changes nothing of this one's", async () => {
    const before = await (await daemon.ask("/v1/runs")).text();
    const { key } = await daemon.newKey(allScopes, { tenant: `other-${name.toLowerCase()}` });
    const response = await byKey(name, key);
    const text = await response.text();
    expect(text).not.toContain(secret);
    const { run } = (JSON.parse(before) as { items: { run: string }[] }).items.at(-1) ?? { run: "none" };
    if (response.ok) expect(text).not.toContain(run);
    if (routeOf(name).params !== undefined) expect(response.status).toBe(404);
    expect(await (await daemon.ask("/v1/runs")).text()).toBe(before);
  });

  test(`is ${routeOf(name).ofDaemon ? "refused to" : "let in by"} a key of another tenant`, async () => {
    const { key } = await daemon.newKey(allScopes, { tenant: "another" });
    if (routeOf(name).ofDaemon) await expectRefusal(await byKey(name, key), 403, "forbidden");
    else await expectLetIn(await byKey(name, key));
  });

  test("is let in by the cookie of its own page, which ends with the key", async () => {
    const { key, view } = await daemon.newKey(allScopes);
    const cookie = await cookieOf(key);
    const headers = { cookie, origin: daemon.url, "sec-fetch-site": "same-origin" };
    await expectLetIn(await request(name, headers));
    await daemon.keys.revoke("default", view.id);
    await expectRefusal(await request(name, headers), 401, "unauthorized");
  });

  test("is refused to a page of another origin, by cookie or by key", async () => {
    const { key } = await daemon.newKey(allScopes);
    const cookie = await cookieOf(key);
    for (const origin of ["https://evil.example", "null", daemon.url.replace("http:", "https:"), `${daemon.url}0`]) {
      await expectRefusal(await request(name, { cookie, origin }), 403, "forbidden");
      await expectRefusal(await request(name, { authorization: `Bearer ${key}`, origin }), 403, "forbidden");
    }
    for (const site of ["cross-site", "same-site"]) {
      await expectRefusal(await request(name, { cookie, "sec-fetch-site": site }), 403, "forbidden");
    }
  });

  test("is refused when it was sent to another name", async () => {
    expect(await statusAtHost(name, "evil.example")).toBe(403);
  });
});

describe.each(changing)("%s, which changes something,", (name) => {
  test("is refused by cookie without an Origin", async () => {
    const { key } = await daemon.newKey(allScopes);
    await expectRefusal(await request(name, { cookie: await cookieOf(key) }), 403, "forbidden");
  });

  test("is written down with its key, whatever came of it", async () => {
    const tenant = `audited-${name.toLowerCase()}`;
    const { key, view } = await daemon.newKey(allScopes, { tenant });
    const { key: weak, view: weakView } = await daemon.newKey(["metrics"], { tenant });
    const { key: revoked, view: revokedView } = await daemon.newKey(allScopes, { tenant });
    await daemon.keys.revoke(tenant, revokedView.id);
    const statuses: number[] = [];
    for (const which of [key, weak, revoked]) {
      const response = await byKey(name, which);
      await response.body?.cancel();
      statuses.push(response.status);
    }
    const records = (await daemon.mutations.read(tenant, 10)).reverse();
    // Where the request made one of many, its ID follows.
    const targetOf = ({ target, operation }: (typeof records)[number]) =>
      operation === "createKey" ? target.replace(/\/[0-9a-f]{16}$/, "") : target;
    expect(records.map((record) => [record.key, record.operation, targetOf(record), record.status])).toEqual([
      [view.id, name, examples[name].path, statuses[0]],
      [weakView.id, name, examples[name].path, 403],
      [revokedView.id, name, examples[name].path, 401],
    ]);
    expect(JSON.stringify(records)).not.toContain(key.split("_").slice(2).join("_"));
  });
});

test("what only looks leaves no record", async () => {
  const { key } = await daemon.newKey(allScopes, { tenant: "looks" });
  for (const name of guarded.filter((each) => routeOf(each).method === "GET")) {
    await (await byKey(name, key)).body?.cancel();
  }
  expect(await daemon.mutations.read("looks", 10)).toEqual([]);
});

test("what is about the whole daemon is its metrics and what was learned on its machine", () => {
  expect(names.filter((name) => routeOf(name).ofDaemon).sort()).toEqual(["listKnowledge", "metrics"]);
});

test("no key is asked for where there is no scope: health, and login and logout of the dashboard", () => {
  expect(open.sort()).toEqual(["closeSession", "live", "openSession", "ready"]);
});

/** `fetch` does not let Host be set. */
function statusAtHost(name: RouteName, host: string): Promise<number> {
  const { port } = new URL(daemon.url);
  const { path } = examples[name];
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  get(
    { port, path, method: routeOf(name).method, headers: { host, authorization: `Bearer ${localKey}` } },
    (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    },
  ).on("error", reject);
  return promise;
}
