import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, createServer as createRawServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Scratch, scratch } from "../../../../test/support/scratch.ts";
import { EgressProxy } from "./egress-proxy.ts";
import { type EgressBounds, egressBounds } from "./egress-tally.ts";
import { HostRules } from "./host-rules.ts";
import { type Route, targetOf } from "./reverse-route.ts";

let scope: AsyncDisposableStack;
let space: Scratch;
beforeEach(async () => {
  scope = new AsyncDisposableStack();
  space = scope.use(await scratch());
});
afterEach(() => scope.disposeAsync());

async function listen(server: Server | ReturnType<typeof createRawServer>): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  scope.defer(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const upstream = (handle: (asked: IncomingMessage, answer: ServerResponse) => void) => listen(createServer(handle));

type Given = {
  hosts?: string[];
  routes?: Route[];
  bounds?: Partial<EgressBounds>;
  addresses?: Record<string, string[]>;
};

async function open({ hosts = [], routes = [], bounds = {}, addresses = {} }: Given): Promise<EgressProxy> {
  return scope.use(
    await EgressProxy.open({
      socket: join(space.path, "socket"),
      rules: new HostRules(hosts),
      routes,
      bounds: { ...egressBounds, ...bounds },
      resolve: async (host) => addresses[host] ?? [],
    }),
  );
}

function routeTo(port: number, path = ""): Route {
  const secret = "sk-secret";
  return {
    name: "api",
    baseUrl: new URL(`http://127.0.0.1:${port}${path}`),
    header: "authorization",
    value: `Bearer ${secret}`,
    secret,
  };
}

async function ask(path: string, options: { headers?: Record<string, string>; body?: string; method?: string } = {}) {
  const { headers = {}, body = "", method = "POST" } = options;
  const asked = request({ socketPath: join(space.path, "socket"), path, method, headers, agent: false });
  asked.end(body);
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, text: await text(answer).catch(() => "cut") };
}

/** Sends a CONNECT and gives its status and all that comes after. */
async function tunnel(target: string, send = ""): Promise<{ status: number; text: string }> {
  const socket = connect(join(space.path, "socket"));
  socket.write(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n\r\n${send}`);
  const answer = await text(socket);
  return { status: Number(answer.split(" ")[1]), text: answer.slice(answer.indexOf("\r\n\r\n") + 4) };
}

test("an upstream gets the credential, not what the agent sent for one, and its answer comes back as it is", async () => {
  const seen: IncomingMessage[] = [];
  const port = await upstream((asked, answer) => {
    seen.push(asked);
    answer.writeHead(201, { "x-kept": "1", "set-cookie": "a=b", connection: "close, x-hop", "x-hop": "1" });
    asked.pipe(answer);
  });
  const proxy = await open({ routes: [routeTo(port, "/base/")] });
  const headers = { authorization: "Bearer dummy", "x-api-key": "dummy", cookie: "c=d", "anthropic-version": "1" };
  const answer = await ask("/api/v1/x?y=z", { headers, body: "hällo" });
  expect(answer).toMatchObject({ status: 201, text: "hällo", headers: { "x-kept": "1" } });
  expect([answer.headers["set-cookie"], answer.headers["x-hop"]]).toEqual([undefined, undefined]);
  expect(seen[0]?.url).toBe("/base/v1/x?y=z");
  expect(seen[0]?.headers).toMatchObject({
    authorization: "Bearer sk-secret",
    "anthropic-version": "1",
    host: `127.0.0.1:${port}`,
  });
  expect([seen[0]?.headers["x-api-key"], seen[0]?.headers.cookie]).toEqual([undefined, undefined]);
  expect(proxy.summary).toMatchObject({ requests: 1, refused: 0, bytesSent: 6, bytesReceived: 6 });
});

test("streamed pieces arrive one by one", async () => {
  let next: () => void = () => undefined;
  const port = await upstream((_asked, answer) => {
    answer.write("data: 1\n\n");
    next = () => answer.end("data: 2\n\n");
  });
  await open({ routes: [routeTo(port)] });
  const asked = request({ socketPath: join(space.path, "socket"), path: "/api/x", agent: false }).end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  expect(String((await once(answer, "data"))[0])).toBe("data: 1\n\n");
  next();
  expect(String((await once(answer, "data"))[0])).toBe("data: 2\n\n");
});

test("a server that repeats the credential shows the agent stars", async () => {
  const port = await upstream((asked, answer) => {
    answer.setHeader("x-echo", String(asked.headers.authorization)).write("key: sk-s");
    setImmediate(() => answer.end("ecret."));
  });
  await open({ routes: [routeTo(port)] });
  const answer = await ask("/api/x");
  expect([answer.text, answer.headers["x-echo"]]).toEqual(["key: *********.", undefined]);
});

test("a path does not leave the upstream's base", () => {
  const base = new URL("https://example.com/v1");
  expect(targetOf(base, "/a/../b?q=../..")?.href).toBe("https://example.com/v1/b?q=../..");
  for (const rest of ["/../x", "/%2e%2e/x", "/a/../../x", "/..\\x", "/.%2E/"])
    expect([rest, targetOf(base, rest)]).toEqual([rest, undefined]);
  expect(targetOf(base, "//evil.com/x")?.host).toBe("example.com");
  expect(targetOf(base, "@evil.com/x")).toBe(undefined);
});

test("what is no upstream is refused, also in a proxy's form", async () => {
  const proxy = await open({ hosts: ["example.com"], routes: [routeTo(1)] });
  for (const path of ["/", "/other/x", "/API/x", "http://example.com/", "http://169.254.169.254/latest"]) {
    expect([path, (await ask(path)).status]).toEqual([path, 403]);
  }
  expect(proxy.summary).toMatchObject({ requests: 0, refused: 5 });
});

test("an upstream that cannot be reached is a gateway error without details", async () => {
  const port = await listen(createRawServer((socket) => socket.destroy()));
  await open({ routes: [routeTo(port)] });
  expect(await ask("/api/x")).toMatchObject({ status: 502, text: "assay: the upstream api cannot be reached\n" });
});

test("a tunnel reaches a host on the list at the address that was looked at", async () => {
  const port = await listen(createRawServer((socket) => socket.once("data", (sent) => socket.end(`got ${sent}`))));
  const proxy = await open({ hosts: [`127.0.0.1:${port}`] });
  expect(await tunnel(`127.0.0.1:${port}`, "hello")).toEqual({ status: 200, text: "got hello" });
  expect(proxy.summary).toMatchObject({
    hosts: [{ host: `127.0.0.1:${port}`, requests: 1 }],
    bytesSent: 5,
    bytesReceived: 9,
  });
});

test("a name on the list that leads into a private network is refused, also when only one of its addresses does", async () => {
  const port = await listen(createRawServer((socket) => socket.end("inside")));
  const proxy = await open({
    hosts: [`one.test:${port}`, `two.test:${port}`, `none.test:${port}`],
    addresses: { "one.test": ["127.0.0.1"], "two.test": ["8.8.8.8", "::ffff:127.0.0.1"] },
  });
  for (const host of ["one.test", "two.test", "none.test"]) expect((await tunnel(`${host}:${port}`)).status).toBe(403);
  // No answer: that is not even HTTP.
  expect((await tunnel("evil\u0007 host")).text).toBe("");
  expect((await tunnel(`127.0.0.1:${port}`)).status).toBe(403);
  expect(proxy.summary).toMatchObject({ requests: 0, refused: 4 });
});

test("requests and bytes end at their bounds", async () => {
  const port = await upstream((asked, answer) => void asked.resume().once("end", () => answer.end("x".repeat(100))));
  const proxy = await open({
    routes: [routeTo(port)],
    hosts: [`127.0.0.1:${port}`],
    bounds: { requestsMax: 3, bytesMax: 250 },
  });
  expect((await ask("/api/x")).status).toBe(200);
  expect((await ask("/api/x")).status).toBe(200);
  await ask("/api/x").catch(() => undefined);
  expect((await ask("/api/x")).status).toBe(429);
  expect((await tunnel(`127.0.0.1:${port}`)).status).toBe(429);
  expect(proxy.summary.requests).toBe(3);
});

test("an agent that goes away in the middle, or a server that does, breaks only that request", async () => {
  const closed: Promise<unknown>[] = [];
  const port = await upstream((asked, answer) => {
    if (asked.url === "/ok") return void answer.end("ok");
    if (asked.url === "/cut") return void answer.write("x", () => answer.destroy());
    const writing = setInterval(() => answer.write("x".repeat(1_000)), 1);
    closed.push(once(answer, "close").finally(() => clearInterval(writing)));
  });
  await open({ routes: [routeTo(port)] });
  for (let time = 0; time < 5; time++) {
    const asked = request({ socketPath: join(space.path, "socket"), path: "/api/long", agent: false }).end();
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    await once(answer, "data");
    asked.destroy();
  }
  await Promise.all(closed);
  expect((await ask("/api/cut")).text).toBe("cut");
  expect((await ask("/api/ok")).text).toBe("ok");
});

test("closing it closes what is open", async () => {
  const port = await listen(createRawServer(() => undefined));
  const proxy = await open({ hosts: [`127.0.0.1:${port}`] });
  const socket = connect(join(space.path, "socket"));
  socket.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\n\r\n`);
  await once(socket, "data");
  await proxy[Symbol.asyncDispose]();
  if (!socket.closed) await once(socket, "close");
  scope = new AsyncDisposableStack();
});
