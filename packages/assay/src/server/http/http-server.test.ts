import { problemSchema, routes } from "@assay/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HttpDaemon, httpDaemon } from "../../../test/support/http-daemon.ts";

let daemon: HttpDaemon;
beforeAll(async () => {
  daemon = await httpDaemon();
});
afterAll(() => daemon[Symbol.asyncDispose]());

const goal = { kind: "heal", root: "/project", tests: [], apply: false };

function json(body: string) {
  return { method: "POST", body, headers: { "content-type": "application/json" } };
}

async function problemOf(response: Response) {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  return problemSchema.parse(await response.json());
}

describe("the HTTP server", () => {
  test("answers by the table: a run that is made is listed and read", async () => {
    const made = await daemon.post("/v1/runs", { goal });
    expect(made.status).toBe(201);
    const { run } = (await made.json()) as { run: string };
    const listed = await daemon.ask("/v1/runs?limit=5");
    expect(await listed.json()).toMatchObject({ items: [{ run, status: "finished" }] });
    const read = await daemon.ask(`/v1/runs/${run}`);
    expect(await read.json()).toMatchObject({ run, goal });
  });

  test("answers bytes as a download, text as its media type", async () => {
    const { run } = daemon.project.addRun("default");
    const bytes = await daemon.ask(`/v1/runs/${run}/artifacts/change.patch`);
    expect(await bytes.text()).toBe(`${run}\n`);
    expect(bytes.headers.get("content-disposition")).toBe("attachment");
    expect(bytes.headers.get("content-type")).toBe("application/octet-stream");
    const metrics = await daemon.ask("/metrics");
    expect(metrics.headers.get("content-type")).toContain("text/plain; version=0.0.4");
    expect(await metrics.text()).toContain("assay_runs 1");
  });

  test("makes a run once for an Idempotency-Key, and refuses one that no header should hold", async () => {
    const ask = (key: string) => daemon.post("/v1/runs", { goal }, { headers: { "idempotency-key": key } });
    const [one, again, other] = [await ask("build-1"), await ask("build-1"), await ask("build-2")];
    const runs = await Promise.all(
      [one, again, other].map(async (response) => ((await response.json()) as { run: string }).run),
    );
    expect(runs[1]).toBe(runs[0]);
    expect(runs[2]).not.toBe(runs[0]);
    for (const key of ["", "a b", "x".repeat(201)]) expect((await ask(key)).status).toBe(400);
  });

  test("takes no body for an empty one where nothing has to be said", async () => {
    const stopped = await daemon.ask("/v1/emergency-stop", { method: "POST" });
    expect(await stopped.json()).toMatchObject({ done: true });
    const lifted = await daemon.ask("/v1/emergency-stop/lift", { method: "POST" });
    expect(await lifted.json()).toEqual({ done: true });
    for (const path of ["/v1/workers/w-1/attest", "/v1/workers/w-1/revoke", "/v1/circuits/system/reset"]) {
      const response = await daemon.ask(path, { method: "POST" });
      expect(`${path} ${response.status === 400}`).toBe(`${path} false`);
    }
    expect((await daemon.post("/v1/emergency-stop/lift", { reason: "it is over" })).status).toBe(200);
    expect((await daemon.post("/v1/emergency-stop", { reason: "" })).status).toBe(400);
  });

  test("describes every operation as OpenAPI 3.1", async () => {
    const response = await daemon.ask("/openapi.json", { key: null });
    const document = (await response.json()) as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string; requestBody?: { required: boolean } }>>;
    };
    expect(document.openapi).toBe("3.1.0");
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(ids.sort()).toEqual(Object.keys(routes).sort());
    const isRequired = (path: string) => document.paths[path]?.post?.requestBody?.required;
    expect([isRequired("/v1/emergency-stop"), isRequired("/v1/runs")]).toEqual([false, true]);
  });

  test.each([
    ["a path that is none", "/v1/nothing", {}, 404, "not-found"],
    ["a file of the documentation that is none", "/docs/static/none.js", {}, 404, "not-found"],
    ["a file beside it", "/docs/static/%2e%2e/package.json", {}, 404, "not-found"],
    ["another method of a path", "/v1/runs", { method: "DELETE" }, 405, "usage"],
    ["a run that is not there", "/v1/runs/heal-00000000", {}, 404, "run-not-found"],
    ["no key", "/v1/runs", { key: null }, 401, "unauthorized"],
    ["a key that is none", "/v1/runs", { key: "x" }, 401, "unauthorized"],
    ["a filter of another name", "/v1/runs?statu=x", {}, 400, "usage"],
    ["a bad escape", "/v1/runs/%zz", {}, 400, "usage"],
    ["a name that is too long", `/v1/runs/${"x".repeat(600)}`, {}, 400, "usage"],
    ["a URL that is too long", `/v1/runs?cursor=${"x".repeat(9_000)}`, {}, 413, "too-large"],
    ["a control character in a name", "/v1/runs/a%00b", {}, 400, "usage"],
    [
      "text as body",
      "/v1/runs",
      { method: "POST", body: "{}", headers: { "content-type": "text/plain" } },
      415,
      "media-type",
    ],
    ["a form as body", "/v1/runs", { method: "POST", body: new URLSearchParams("a=b") }, 415, "media-type"],
    [
      "what is no JSON",
      "/v1/runs",
      { method: "POST", body: "{", headers: { "content-type": "application/json" } },
      400,
      "usage",
    ],
    ["no body where one is needed", "/v1/runs", { method: "POST" }, 400, "usage"],
    [
      "half a character in a body",
      "/v1/runs",
      json('{"goal":{"kind":"heal","root":"/","tests":["\\ud800"]}}'),
      400,
      "usage",
    ],
    ["a body of 3,000 levels", "/v1/runs", json(`{"goal":${"[".repeat(3_000)}${"]".repeat(3_000)}}`), 400, "usage"],
  ] as const)("answers a problem for %s", async (_what, path, init, status, code) => {
    const response = await daemon.ask(path, init);
    const problem = await problemOf(response);
    expect([response.status, problem.status, problem.code]).toEqual([status, status, code]);
    expect(problem.instance).toBe(response.headers.get("x-request-id"));
  });

  test("writes down which key a request made", async () => {
    const made = (await (await daemon.post("/v1/keys", { name: "ci", scopes: ["read"] })).json()) as {
      view: { id: string };
    };
    const [record] = await daemon.mutations.read("default", 1);
    expect(record).toMatchObject({ operation: "createKey", target: `/v1/keys/${made.view.id}`, status: 201 });
  });

  test("says what of a body no operation takes, before it looks whether it is one", async () => {
    const response = await daemon.ask("/v1/keys", json('{"\\udc00":1}'));
    expect((await problemOf(response)).detail).toBe("the body holds half of a character (a lone surrogate)");
  });
});

describe("the page of the documentation", () => {
  test("loads and runs nothing but its own files", async () => {
    const page = await daemon.ask("/docs", { key: null });
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    const html = await page.text();
    expect(html).not.toMatch(/<script(?![^>]* src=)/);
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = ""]) => path);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      expect(file).toMatch(/^\/docs\/static\//);
      const response = await daemon.ask(file, { key: null });
      await response.body?.cancel();
      expect(response.status).toBe(200);
    }
  });

  test("is the only answer that may be more than data", async () => {
    for (const path of ["/v1/runs", "/nothing", "/openapi.json", "/health/live"]) {
      const { headers } = await daemon.ask(path);
      expect(headers.get("content-security-policy")).toBe(
        "default-src 'none';frame-ancestors 'none';base-uri 'none';sandbox",
      );
      expect([headers.get("x-content-type-options"), headers.get("x-frame-options")]).toEqual(["nosniff", "DENY"]);
      expect([headers.get("cache-control"), headers.get("referrer-policy")]).toEqual(["no-store", "no-referrer"]);
      expect(headers.get("x-powered-by")).toBeNull();
    }
  });
});

describe("closing", () => {
  test("ends idle connections at once, and cuts off what still streams when the grace is over", async () => {
    await using other = await httpDaemon({
      serveEvents: async (_call, response) => void response.writeHead(200).write(": here\n\n"),
    });
    const stream = await other.ask("/v1/events");
    await other.http.close(10);
    await expect(stream.text()).rejects.toThrow();
    await expect(other.ask("/health/live")).rejects.toThrow();
  });
});
