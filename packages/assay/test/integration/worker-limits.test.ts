import { once } from "node:events";
import { connect as connectHttp2, constants } from "node:http2";
import { connect, type Socket } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { defaultRateLimits, newVisitors, Strangers } from "../../src/server/index.ts";
import { State } from "../../src/wire/index.ts";
import {
  apiKeys,
  client,
  newKey,
  nextTask,
  protocols,
  refusal,
  register,
  signed,
  workerPlace,
} from "../support/worker-place.ts";

const service = "/assay.worker.v1.WorkerService";
const never = Buffer.alloc(32).toString("base64url");

/** The beginning of a call: its body is promised and does not come. */
function http1Head(method: string, bearer: string, bytes: number): string {
  const fields = [`POST ${service}/${method} HTTP/1.1`, "Host: localhost", "Content-Type: application/json"];
  return [...fields, `Authorization: Bearer ${bearer}`, `Content-Length: ${bytes}`, "", ""].join("\r\n");
}

async function socketTo(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  return socket;
}

async function statusOverHttp1(url: string, head: string): Promise<number> {
  const socket = await socketTo(url);
  socket.write(head);
  const [answer] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer.toString())?.[1]);
}

function http2Call(url: string, method: string, bearer: string, type = "application/json") {
  const session = connectHttp2(url);
  session.on("error", () => {});
  const stream = session.request({
    ":method": "POST",
    ":path": `${service}/${method}`,
    "content-type": type,
    authorization: `Bearer ${bearer}`,
  });
  stream.on("error", () => {});
  return { session, stream };
}

async function statusOverHttp2(url: string, method: string, bearer: string): Promise<number> {
  const { session, stream } = http2Call(url, method, bearer);
  const [headers] = await once(stream, "response");
  session.destroy();
  return headers[":status"];
}

describe("a call that nobody may make is refused before any of its body has come", () => {
  test.each(["Heartbeat", "PutBlob", "Refresh", "Register", "Challenge", "Report"])("%s", async (method) => {
    await using place = await workerPlace();
    const gone = await register(place.url, "connect-json");
    const { worker } = gone;
    await place.desk.revoke("acme", worker, "it lied");
    const forged = `${gone.token.split(".").slice(0, 2).join(".")}.${never}`;
    for (const [bearer, status] of [
      ["", 401],
      [forged, 401],
      [method === "Register" ? apiKeys.reader : gone.token, 403],
    ] as const) {
      if (method === "Challenge" && status === 403) continue;
      expect(await statusOverHttp1(place.url, http1Head(method, bearer, 10_000_000))).toBe(status);
      expect(await statusOverHttp2(place.url, method, bearer)).toBe(status);
    }
    expect(place.problems).toEqual([]);
  });
});

describe.each(protocols)("over %s", (protocol) => {
  test("what is larger than its call can be is refused, and a blob as large as it may be is kept", async () => {
    await using place = await workerPlace();
    const worker = await register(place.url, protocol);
    const holding = { run: "r".repeat(1_000_000), task: "t", token: 1 };
    expect(await refusal(worker.call.heartbeat({ state: State.IDLE, holding: [holding] }))).toMatch(
      /resource_exhausted|the session has been closed|ECONNRESET|EPIPE/,
    );
    await place.offer("large");
    const abort = new AbortController();
    const claims = worker.call.claim({ capacity: 1 }, { signal: abort.signal })[Symbol.asyncIterator]();
    const { claim } = await nextTask(claims);
    const { digest } = await worker.call.putBlob({ claim, content: new Uint8Array(8 * 1024 * 1024) });
    expect(digest).toMatch(/^sha256:/);
    abort.abort();
    await claims.next().catch(() => undefined);
    expect(place.problems).toEqual([]);
  });

  test("a token is renewed by whoever has the worker's key, and by nobody else", async () => {
    await using place = await workerPlace();
    const worker = await register(place.url, protocol);
    const type = "application/vnd.assay.worker-nonce";
    expect(await refusal(worker.call.refresh({}))).toBe("unauthorized");
    const { nonce } = await worker.call.challenge({});
    const thief = signed(newKey(), type, Buffer.from(nonce));
    expect(await refusal(worker.call.refresh({ nonce, proof: thief }))).toBe("unauthorized");
    const again = await worker.call.challenge({});
    const proof = signed(worker.key, type, Buffer.from(again.nonce));
    const { token } = await worker.call.refresh({ nonce: again.nonce, proof });
    expect(await refusal(client(place.url, protocol, token).heartbeat({ state: State.IDLE }))).toBeUndefined();
    expect(await refusal(worker.call.refresh({ nonce: again.nonce, proof }))).toBe("unauthorized");
  });
});

test("a worker sends so many blobs at a time, over either protocol, and more when they have ended", async () => {
  await using place = await workerPlace({ limits: { blobCallsMax: 2 } });
  const { token, call } = await register(place.url, "connect-json");
  const socket = await socketTo(place.url);
  socket.write(http1Head("PutBlob", token, 1_000_000));
  const { session, stream } = http2Call(place.url, "PutBlob", token);
  stream.write("{");
  const claim = { run: "heal-0000000001", task: "t", token: 1 };
  const put = () => refusal(call.putBlob({ claim, content: Buffer.from("x") }));
  await vi.waitFor(async () => expect(await put()).toBe("rate-limited"), { timeout: 60_000 });
  socket.destroy();
  session.destroy();
  await vi.waitFor(async () => expect(await put()).toBe("lease-lost"), { timeout: 60_000 });
});

test.each(["Heartbeat", "Claim"])("a %s that names no host is refused", async (method) => {
  await using place = await workerPlace();
  const head = http1Head(method, never, 2).replace(/Host: localhost\r\n/, "");
  expect(await statusOverHttp1(place.url, head.replace("HTTP/1.1", "HTTP/1.0"))).toBe(400);
  expect(await statusOverHttp1(place.url, head.replace(/\r\n/, "\r\nHost: [\r\n"))).toBe(400);
});

describe("time-outs", () => {
  test("a body that does not come ends its call, over HTTP/1.1 and HTTP/2 alike", async () => {
    await using place = await workerPlace({ limits: { bodyMsMax: 100 } });
    const { token } = await register(place.url, "connect-json");
    const socket = await socketTo(place.url);
    const ended = once(socket, "close");
    socket.resume().write(`${http1Head("PutBlob", token, 1_000_000)}{`);
    await ended;
    const { session, stream } = http2Call(place.url, "PutBlob", token);
    const closed = once(stream, "close");
    stream.resume().write("{");
    await closed;
    expect(stream.rstCode).toBe(constants.NGHTTP2_CANCEL);
    session.destroy();
  });

  test("an HTTP/2 connection that is not used is closed; one with an open stream is asked, and kept", async () => {
    await using place = await workerPlace({ limits: { idleMsMax: 100 } });
    const { token } = await register(place.url, "connect-json");
    const idle = http2Call(place.url, "Heartbeat", token);
    idle.stream.resume().end(JSON.stringify({ state: "STATE_IDLE" }));
    const closed = once(idle.session, "close");
    const used = http2Call(place.url, "Claim", token, "application/connect+json");
    const request = Buffer.from(JSON.stringify({ capacity: 1 }));
    used.stream.resume().end(Buffer.concat([Buffer.from([0, 0, 0, 0, request.length]), request]));
    for (let pings = 0; pings < 3; pings++) await once(used.session, "ping");
    await closed;
    expect(used.session.closed).toBe(false);
    used.session.destroy();
  });

  test("an HTTP/2 connection on which nobody was let in is closed", async () => {
    await using place = await workerPlace({ limits: { strangerMsMax: 100 } });
    const session = connectHttp2(place.url);
    session.on("error", () => {});
    await once(session, "close");
  });
});

describe("an address", () => {
  test("has so many connections on which nobody was let in, however they begin: the oldest is cut", async () => {
    const { guesses } = newVisitors();
    const strangers = new Strangers({ strangersMax: 2, strangersOfAllMax: 100 });
    await using place = await workerPlace({ visitors: { strangers, guesses } });
    const { token } = await register(place.url, "connect-h2c");
    const silent = await Promise.all([socketTo(place.url), socketTo(place.url)]);
    const isCut = Promise.all(silent.map((socket) => once(socket.resume(), "close")));
    const unknown = connectHttp2(place.url);
    unknown.on("error", () => {});
    const half = await socketTo(place.url);
    half.write(`POST ${service}/Heartbeat HTTP/1.1\r\n`);
    await isCut;
    const halfIsCut = once(half.resume(), "close");
    // Those who show what they have are let in meanwhile, and stay.
    const worker = http2Call(place.url, "Heartbeat", token);
    worker.stream.resume().end(JSON.stringify({ state: "STATE_IDLE" }));
    const [headers] = await once(worker.stream, "response");
    expect(headers[":status"]).toBe(200);
    const more = await Promise.all([socketTo(place.url), socketTo(place.url), socketTo(place.url)]);
    await halfIsCut;
    expect(worker.session.destroyed).toBe(false);
    for (const connection of [unknown, worker.session, ...more]) connection.destroy();
  });

  test("may be wrong so many times in a minute; a good token or key is heard all the same", async () => {
    await using place = await workerPlace({ limits: { strangerCallsMax: 5 } });
    const worker = await register(place.url, "connect-json");
    const wrong = client(place.url, "connect-json", never);
    const codes: (string | undefined)[] = [];
    for (let n = 0; n < 6; n++) codes.push(await refusal(wrong.heartbeat({ state: State.IDLE })));
    expect(codes[0]).toBe("unauthorized");
    expect(codes.at(-1)).toBe("rate-limited");
    expect(await refusal(client(place.url, "connect-json", apiKeys.acme).challenge({}))).toBeUndefined();
    expect(await refusal(worker.call.heartbeat({ state: State.IDLE }))).toBeUndefined();
  });

  test("guesses keys as seldom here as over REST: there is one count for both", async () => {
    const limits = { ...defaultRateLimits, failedPerMinuteMax: 2, locksOut: () => true };
    const visitors = newVisitors(limits);
    await using place = await workerPlace({ visitors });
    const { challenge } = client(place.url, "connect-json", "a-guess");
    visitors.guesses.add("127.0.0.1");
    expect([await refusal(challenge({})), await refusal(challenge({}))]).toEqual(["unauthorized", "rate-limited"]);
    expect(await refusal(client(place.url, "connect-json", apiKeys.acme).challenge({}))).toBe("rate-limited");
    expect(() => visitors.guesses.refuseGuesser("127.0.0.1")).toThrow("too many");
  });
});
