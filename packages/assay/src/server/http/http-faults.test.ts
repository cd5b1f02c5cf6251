import { once } from "node:events";
import { problemSchema } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { raise } from "#domain";
import { MemoryApiKeys, MemoryMutationLog } from "#store";
import { FakeProject } from "../../../test/fakes/fake-project.ts";
import { httpDaemon, localKey } from "../../../test/support/http-daemon.ts";
import type { Handlers } from "../handlers.ts";

/** A daemon in which some operations are answered in another way, with what it logs. */
async function daemonWith(changed: Partial<Handlers>, more: Partial<Parameters<typeof httpDaemon>[0]> = {}) {
  const logged: string[] = [];
  const log = {
    info: (what: object, message: string) => void logged.push(`info ${message} ${JSON.stringify(what)}`),
    error: (what: { error?: unknown }, message: string) => void logged.push(`error ${message} ${String(what.error)}`),
  };
  const handlers = new FakeProject().handlers(new MemoryApiKeys(), new MemoryMutationLog());
  return Object.assign(await httpDaemon({ handlers: { ...handlers, ...changed }, log, ...more }), { logged });
}

describe("a fault", () => {
  test("of a handler is a problem with its status, its code and its remedy", async () => {
    await using daemon = await daemonWith({
      readRun: async () => raise("disk-full", "no space left to write the journal", "free some space"),
    });
    const response = await daemon.ask("/v1/runs/heal-00000000");
    expect(response.status).toBe(507);
    expect(await response.json()).toEqual({
      type: "urn:assay:fault:disk-full",
      title: "disk full",
      status: 507,
      detail: "no space left to write the journal",
      instance: response.headers.get("x-request-id"),
      code: "disk-full",
      remedy: "free some space",
    });
  });

  test("of our own is told to the log alone, under the id that the client is given", async () => {
    const secret = "a secret in a message";
    await using daemon = await daemonWith({
      listRuns: async () => {
        throw Object.assign(new TypeError(secret), { statusCode: 404 });
      },
    });
    const response = await daemon.ask("/v1/runs");
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toContain(secret);
    expect(text).not.toMatch(/\.ts|node_modules|stack/);
    expect(daemon.logged.join("\n")).toContain(secret);
  });

  test("is what an answer that its schema does not describe becomes", async () => {
    const wrong = { items: [{ run: "heal-00000000", hidden: "not for the client" }] } as never;
    await using daemon = await daemonWith({ listRuns: async () => wrong, metrics: async () => 7 as never });
    for (const path of ["/v1/runs", "/metrics"]) {
      const response = await daemon.ask(path);
      expect([response.status, await response.json()]).toMatchObject([500, { code: "defect" }]);
    }
    expect(daemon.logged.filter((line) => line.startsWith("error"))).toHaveLength(2);
  });

  test("says of bad input where it is bad, and what is wrong with it", async () => {
    await using daemon = await daemonWith({});
    const response = await daemon.post("/v1/runs", { goal: { kind: "heal", root: 7, tests: [] }, budgt: {} });
    const { errors } = (await response.json()) as { errors: { at: string }[] };
    expect(response.status).toBe(400);
    expect(errors.map(({ at }) => at)).toEqual(["body/goal/root", "body/goal/apply", "body"]);
  });

  test("refuses what pollutes prototypes", async () => {
    await using daemon = await daemonWith({});
    for (const body of ['{"__proto__":{"a":1}}', '{"constructor":{"prototype":{"a":1}}}']) {
      const headers = { "content-type": "application/json" };
      expect((await daemon.ask("/v1/runs", { method: "POST", body, headers })).status).toBe(400);
    }
  });

  test("of events before anything was sent is a problem; after that the connection ends", async () => {
    let sends = false;
    await using daemon = await daemonWith(
      {},
      {
        serveEvents: async (_call, response) => {
          if (sends) await new Promise((resolve) => response.writeHead(200).write("id: 1\n\n", resolve));
          raise("journal-corrupt", "it cannot be read");
        },
      },
    );
    const refused = await daemon.ask("/v1/events");
    expect([refused.status, await refused.json()]).toMatchObject([500, { code: "journal-corrupt" }]);
    expect(refused.headers.get("x-content-type-options")).toBe("nosniff");
    sends = true;
    const broken = await daemon.ask("/v1/events");
    expect(broken.status).toBe(200);
    await expect(broken.text()).rejects.toThrow();
  });
});

test("a stream of events ends with the key that it was begun by", async () => {
  await using daemon = await daemonWith(
    {},
    {
      // A clock that stands still: the key holds however long the request takes, and the stream ends all the same.
      now: () => 0,
      serveEvents: async (_call, response) => {
        response.writeHead(200).write("id: 1\n\n");
        await once(response, "close");
      },
    },
  );
  const { key } = await daemon.newKey(["read"], { expiresAt: 50 });
  const stream = await daemon.ask("/v1/events", { key });
  expect(stream.status).toBe(200);
  await expect(stream.text()).rejects.toThrow();
});

test("it is live always, and ready when work is taken", async () => {
  let ready = false;
  await using daemon = await daemonWith({}, { ready: () => ready });
  expect((await daemon.ask("/health/live", { key: null })).status).toBe(200);
  const starting = await daemon.ask("/health/ready", { key: null });
  expect([starting.status, await starting.json()]).toMatchObject([503, { code: "stopped" }]);
  ready = true;
  expect((await daemon.ask("/health/ready", { key: null })).status).toBe(200);
});

describe("a mutation that cannot be written down", () => {
  const full = () => Promise.resolve().then(() => raise("disk-full", "no space left"));
  const goal = { kind: "heal", root: "/project", tests: [], apply: false };
  async function problemOf(response: Response) {
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    return [response.status, problemSchema.parse(await response.json()).code];
  }

  test("is not made", async () => {
    const mutations = new MemoryMutationLog();
    mutations.append = full;
    const made: unknown[] = [];
    const createRun = async () => raise("defect", `made ${made.push("a run")}`);
    await using daemon = await daemonWith({ createRun }, { mutations });
    expect(await problemOf(await daemon.post("/v1/runs", { goal }))).toEqual([507, "disk-full"]);
    expect(made).toEqual([]);
    // What is refused changes nothing, and is refused by its own fault.
    expect(await problemOf(await daemon.post("/v1/runs", {}))).toEqual([400, "usage"]);
    const session = await daemon.post("/v1/session", { key: localKey });
    expect(await problemOf(session)).toEqual([507, "disk-full"]);
    expect(session.headers.get("set-cookie")).toBeNull();
  });

  test("is made all the same where it is the emergency stop, and written down later", async () => {
    const mutations = new MemoryMutationLog();
    const append = mutations.append.bind(mutations);
    let isFull = true;
    mutations.append = (record) => (isFull ? full() : append(record));
    await using daemon = await daemonWith({}, { mutations });
    const stopped = await daemon.post("/v1/emergency-stop", { reason: "a test" });
    expect([stopped.status, await stopped.json()]).toMatchObject([200, { done: true }]);
    isFull = false;
    const written = () => mutations.read("default", 1);
    while ((await written())[0]?.status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await written()).toMatchObject([{ operation: "emergencyStop", status: 200 }]);
  });

  test("is answered as it went where only its end cannot be", async () => {
    const mutations = new MemoryMutationLog();
    mutations.settle = full;
    await using daemon = await daemonWith({}, { mutations });
    expect((await daemon.post("/v1/runs", { goal })).status).toBe(201);
    expect(await mutations.read("default", 1)).toMatchObject([{ operation: "createRun", status: 0 }]);
    expect(daemon.logged.join("\n")).toContain("could not be written down");
  });
});

test("a handler is told when its client has gone", async () => {
  const reached = Promise.withResolvers<AbortSignal>();
  await using daemon = await daemonWith({
    listRuns: ({ signal }) => {
      reached.resolve(signal);
      return new Promise((resolve) => signal.addEventListener("abort", () => resolve({ items: [] })));
    },
  });
  const client = new AbortController();
  const asked = daemon.ask("/v1/runs", { signal: client.signal });
  const signal = await reached.promise;
  client.abort();
  await expect(asked).rejects.toThrow();
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
  expect(signal.aborted).toBe(true);
});
