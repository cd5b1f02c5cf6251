import { connect } from "node:net";
import { problemSchema } from "@assay/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HttpDaemon, httpDaemon, localKey } from "../../../test/support/http-daemon.ts";
import { httpLimits } from "./limits.ts";
import { newServer } from "./new-server.ts";

let daemon: HttpDaemon;
beforeAll(async () => {
  daemon = await httpDaemon();
});
afterAll(() => daemon[Symbol.asyncDispose]());

/** What comes back until the connection closes. */
async function send(text: string, to = daemon): Promise<string> {
  const socket = connect(Number(new URL(to.url).port), "127.0.0.1");
  socket.write(text);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function request(line: string, ...headers: string[]): string {
  return [line, "Connection: close", ...headers, "", ""].join("\r\n");
}

const host = "Host: localhost";
const key = `Authorization: Bearer ${localKey}`;

function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
}

describe("a request as bytes", () => {
  test.each([
    ["without a Host", request("GET /v1/runs HTTP/1.1", key), 400],
    ["with two Hosts", request("GET /v1/runs HTTP/1.1", host, "Host: evil.example", key), 400],
    ["with two keys", request("GET /v1/runs HTTP/1.1", host, key, key), 400],
    ["with two lengths", request("POST /v1/runs HTTP/1.1", host, key, "Content-Length: 2", "Content-Length: 4"), 400],
    [
      "with a length and chunks",
      request("POST /v1/runs HTTP/1.1", host, key, "Content-Length: 2", "Transfer-Encoding: chunked"),
      400,
    ],
    ["with a whole URL as target", request("GET http://evil.example/v1/runs HTTP/1.1", host, key), 400],
    ["with a name of somebody else", request("GET /v1/runs HTTP/1.1", "Host: evil.example:8420", key), 403],
    ["with a name that looks alike", request("GET /v1/runs HTTP/1.1", "Host: localhost.evil.example", key), 403],
    ["with a name and a user", request("GET /v1/runs HTTP/1.1", "Host: evil@localhost", key), 403],
    ["with this name and a port", request("GET /v1/runs HTTP/1.1", "Host: LOCALHOST:1", key), 200],
    ["for an IPv6 name", request("GET /v1/runs HTTP/1.1", "Host: [::1]:8420", key), 200],
    ["with a method to override", request("POST /v1/runs HTTP/1.1", host, key, "X-HTTP-Method-Override: GET"), 400],
    ["that expects what is not offered", request("GET /v1/runs HTTP/1.1", host, key, "Expect: nonsense"), 417],
    ["by TRACE", request("TRACE /v1/runs HTTP/1.1", host, key, "Cookie: secret=1"), 405],
    ["by CONNECT", request("CONNECT evil.example:443 HTTP/1.1", host), undefined],
    [
      "with compressed content",
      request(
        "POST /v1/runs HTTP/1.1",
        host,
        key,
        "Content-Type: application/json",
        "Content-Encoding: gzip",
        "Content-Length: 0",
      ),
      400,
    ],
    ["with headers that are too long", request("GET /v1/runs HTTP/1.1", host, `X: ${"x".repeat(20_000)}`), 431],
    ["that is none", "\x16\x03\x01 this is TLS\r\n\r\n", 400],
    ["with an upgrade that is not offered", request("GET /v1/runs HTTP/1.1", host, key, "Upgrade: websocket"), 200],
  ])("%s", async (_what, text, status) => {
    const answer = await send(text);
    if (status === undefined) return expect(answer).toBe("");
    expect(statusOf(answer)).toBe(status);
    expect(answer).not.toContain("secret=1");
    if (status >= 400) {
      expect(answer.toLowerCase()).toContain("content-type: application/problem+json");
      const [, body = ""] = answer.split("\r\n\r\n");
      expect(problemSchema.parse(JSON.parse(body)).status).toBe(status);
    }
    return undefined;
  });

  test("is not read further than its body may be long", async () => {
    const answer = await send(
      request("POST /v1/runs HTTP/1.1", host, key, "Content-Type: application/json", "Content-Length: 1048577"),
    );
    expect(statusOf(answer)).toBe(413);
  });

  test.each([
    ["headers", "GET /v1/runs HTTP/1.1\r\nHost: localhost\r\n"],
    [
      "body",
      `POST /v1/runs HTTP/1.1\r\nHost: localhost\r\n${key}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{`,
    ],
  ])("whose %s never end is cut off", async (_what, text) => {
    const limits = { ...httpLimits, headersMsMax: 100, requestMsMax: 100, connectionsCheckMs: 20 };
    await using slow = await httpDaemon({ serverFactory: (listener) => newServer(listener, limits) });
    const answer = await send(text, slow);
    expect(statusOf(answer)).toBe(408);
    expect(answer).toContain("application/problem+json");
  });

  test("has ten seconds for its headers and a minute for all of it", () => {
    const { headersTimeout, requestTimeout } = daemon.http.server;
    expect([headersTimeout, requestTimeout]).toEqual([10_000, 60_000]);
  });
});

describe("methods", () => {
  test("HEAD answers as GET does, without content; not where a stream would begin", async () => {
    const get = await daemon.ask("/v1/runs");
    const head = await daemon.ask("/v1/runs", { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe("");
    expect(head.headers.get("content-length")).toBe(String((await get.text()).length));
    expect((await daemon.ask("/v1/runs", { method: "HEAD", key: null })).status).toBe(401);
    expect((await daemon.ask("/v1/events", { method: "HEAD" })).status).toBe(405);
  });

  test("OPTIONS and others say what there is, and nothing that opens the door to other origins", async () => {
    const headers = { origin: daemon.url, "access-control-request-method": "POST" };
    const options = await daemon.ask("/v1/runs", { method: "OPTIONS", headers, key: null });
    const deleted = await daemon.ask("/v1/runs", { method: "DELETE" });
    expect([options.status, deleted.status]).toEqual([204, 405]);
    for (const response of [options, deleted]) {
      expect(response.headers.get("allow")).toBe("GET, HEAD, POST");
      expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
    const foreign = await daemon.ask("/v1/runs", {
      method: "OPTIONS",
      headers: { ...headers, origin: "https://evil.example" },
    });
    expect(foreign.status).toBe(403);
  });
});
