import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { State } from "../../src/wire/index.ts";
import {
  apiKeys,
  aRun,
  client,
  newKey,
  nextTask,
  protocols,
  refusal,
  register,
  report,
  reportOf,
  signed,
  workerPlace,
} from "../support/worker-place.ts";

let place: Awaited<ReturnType<typeof workerPlace>>;
beforeAll(async () => {
  place = await workerPlace();
});
afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

let tasks = 0;
const newTask = () => `task-${++tasks}`;

/** Ends a stream of claims; resolves when the server has noticed. */
async function closed(abort: AbortController): Promise<void> {
  abort.abort();
  await vi.waitFor(() => expect(place.acme.queue.waiting).toBe(0), { timeout: 60_000 });
}

async function claimed(worker: Awaited<ReturnType<typeof register>>, task = newTask()) {
  const { end } = await place.offer(task);
  const abort = new AbortController();
  const claims = worker.call.claim({ capacity: 64 }, { signal: abort.signal })[Symbol.asyncIterator]();
  const { claim, input } = await nextTask(claims);
  return { claim, claims, input, end, close: () => closed(abort) };
}

describe.each(protocols)("over %s", (protocol) => {
  test("a worker registers, claims, fetches, keeps its claim and reports", async () => {
    const worker = await register(place.url, protocol);
    const { claim, input, end, close } = await claimed(worker);
    const chunks: Uint8Array[] = [];
    for await (const { chunk } of worker.call.fetchBlob({ claim, digest: input })) chunks.push(chunk);
    expect(JSON.parse(Buffer.concat(chunks).toString())).toEqual({ what: claim.task });
    const beat = await worker.call.heartbeat({ state: State.EXECUTE, holding: [claim] });
    expect(beat).toMatchObject({ stop: false, standings: [{ held: true, claim: { token: claim.token } }] });
    expect(await place.desk.view("acme", worker.worker)).toMatchObject({ state: "execute", status: "here" });
    const output = await report(worker, claim, { findings: [] });
    expect(await end).toMatchObject({ outcome: "done", output, worker: worker.worker, token: claim.token });
    expect(await place.acme.registry.get(worker.worker)).toMatchObject({ done: 1 });
    await close();
  });

  test("an emergency stop and a revocation reach a worker's control stream", async () => {
    const worker = await register(place.url, protocol);
    const control = worker.call.control({})[Symbol.asyncIterator]();
    const next = async () => (await control.next()).value?.event.case;
    expect(await next()).toBe("running");
    await place.desk.stop("a drill");
    expect(await next()).toBe("stopped");
    place.desk.lift();
    expect(await next()).toBe("running");
    await place.desk.revoke("acme", worker.worker, "it lied");
    expect(await next()).toBe("revoked");
    expect((await control.next()).done).toBe(true);
    expect(await refusal(worker.call.heartbeat({ state: State.IDLE }))).toBe("worker-revoked");
  });

  test("errors carry their fault", async () => {
    expect(await refusal(client(place.url, protocol).heartbeat({ state: State.IDLE }))).toBe("unauthorized");
    expect(await refusal(client(place.url, protocol, apiKeys.reader).challenge({}))).toBe("forbidden");
  });
});

test("a worker's second stream of claims ends the first, which says why", async () => {
  const { call } = await register(place.url, "connect-h2c");
  const first = call.claim({ capacity: 1 })[Symbol.asyncIterator]();
  await first.next();
  const abort = new AbortController();
  const second = call.claim({ capacity: 1 }, { signal: abort.signal })[Symbol.asyncIterator]();
  await second.next();
  expect(await refusal(first.next())).toBe("worker-superseded");
  await closed(abort);
});

test("other requests on the port go to the other handler over HTTP/1.1, and are not found over HTTP/2", async () => {
  expect(await (await fetch(`${place.url}/v1/runs`)).text()).toBe("rest");
  const { connect } = await import("node:http2");
  const session = connect(place.url);
  const stream = session.request({ ":path": "/v1/runs" });
  const status = await new Promise((resolve) => stream.on("response", (headers) => resolve(headers[":status"])));
  expect(status).toBe(404);
  session.destroy();
});

test("a connection whose preface comes byte by byte is served", async () => {
  const { connect } = await import("node:net");
  const { hostname, port } = new URL(place.url);
  const socket = connect(Number(port), hostname);
  for (const byte of "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") {
    await new Promise((resolve) => socket.write(byte, resolve));
    await new Promise(setImmediate);
  }
  // An empty SETTINGS frame, which the server answers with its own.
  socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
  const answer = await new Promise<Buffer>((resolve) => socket.once("data", resolve));
  expect(answer[3]).toBe(4);
  socket.destroy();
});

test("an HTTP/2 connection whose client closed its side is closed", async () => {
  const { connect } = await import("node:net");
  const { hostname, port } = new URL(place.url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  const closed = new Promise((resolve) => socket.on("close", resolve));
  const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
  socket.write(Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), settings]));
  await new Promise((resolve) => socket.once("data", resolve));
  socket.resume().end();
  await closed;
});

test("a worker that has a claim and is not heard of gets no other until it is", async () => {
  const worker = await register(place.url, "connect-h2c");
  const { claim, claims, close } = await claimed(worker);
  await vi.waitFor(() => expect(place.acme.queue.waiting).toBe(1));
  place.clock.skip(10_000);
  await vi.waitFor(() => expect(place.acme.queue.waiting).toBe(0));
  const { end } = await place.offer(newTask());
  await worker.call.heartbeat({ state: State.EXECUTE, holding: [claim] });
  const next = await nextTask(claims);
  await report(worker, claim, {});
  await report(worker, next.claim, {});
  expect(await end).toMatchObject({ attempts: 1 });
  await close();
});

describe("what is refused", () => {
  const protocol = "connect-json";

  test("a registration whose nonce another key signed, and the same nonce again", async () => {
    const visitor = client(place.url, protocol, apiKeys.acme);
    const { nonce } = await visitor.challenge({});
    const proof = signed(newKey(), "application/vnd.assay.worker-nonce", Buffer.from(nonce));
    const request = { name: "thief", role: 1, publicKey: newKey().pem, nonce, proof };
    expect(await refusal(visitor.register(request))).toBe("unauthorized");
    const key = newKey();
    const own = {
      ...request,
      publicKey: key.pem,
      proof: signed(key, "application/vnd.assay.worker-nonce", Buffer.from(nonce)),
    };
    expect(await refusal(visitor.register(own))).toBe("unauthorized");
  });

  test("a statement by another key, and one that says something else than the report", async () => {
    const worker = await register(place.url, protocol);
    const { claim, close } = await claimed(worker);
    const { digest } = await worker.call.putBlob({ claim, content: Buffer.from("{}") });
    expect(await refusal(worker.call.report(reportOf(newKey(), worker.worker, claim, digest)))).toBe("receipt-invalid");
    const other = { ...claim, token: claim.token + 1 };
    expect(await refusal(worker.call.report({ ...reportOf(worker.key, worker.worker, other, digest), claim }))).toBe(
      "usage",
    );
    await report(worker, claim, {});
    await close();
  });

  test("a report of a claim that ran out, after another worker has the task", async () => {
    const slow = await register(place.url, protocol);
    const { claim, end, close } = await claimed(slow);
    const { digest } = await slow.call.putBlob({ claim, content: Buffer.from("{}") });
    await close();
    place.clock.skip(31_000);
    const quick = await register(place.url, protocol);
    const abort = new AbortController();
    const again = await nextTask(quick.call.claim({ capacity: 1 }, { signal: abort.signal })[Symbol.asyncIterator]());
    expect(again).toMatchObject({ attempt: 2, claim: { task: claim.task } });
    expect(await refusal(slow.call.report(reportOf(slow.key, slow.worker, claim, digest)))).toBe("lease-lost");
    const { standings } = await slow.call.heartbeat({ state: State.EXECUTE, holding: [claim] });
    expect(standings[0]?.held).toBe(false);
    const output = await report(quick, again.claim, { by: "quick" });
    expect(await end).toMatchObject({ worker: quick.worker, output, attempts: 2 });
    await closed(abort);
  });

  test("a claim that is another worker's", async () => {
    const owner = await register(place.url, protocol);
    const { claim, input, close } = await claimed(owner);
    const other = await register(place.url, protocol);
    expect(await refusal(other.call.putBlob({ claim, content: Buffer.from("x") }))).toBe("lease-lost");
    expect(await refusal(report(other, claim, {}))).toBe("lease-lost");
    const fetching = other.call.fetchBlob({ claim, digest: input })[Symbol.asyncIterator]();
    expect(await refusal(fetching.next())).toBe("lease-lost");
    await report(owner, claim, {});
    await close();
  });

  test("bytes that the claim does not refer to", async () => {
    const secret = await place.acme.blobs.put("a secret of the same tenant");
    const worker = await register(place.url, protocol);
    const { claim, close } = await claimed(worker);
    const fetching = worker.call.fetchBlob({ claim, digest: secret })[Symbol.asyncIterator]();
    expect(await refusal(fetching.next())).toBe("not-found");
    await report(worker, claim, {});
    await close();
  });

  test("a token that has expired, one that was made by somebody else, and one of a key that was revoked", async () => {
    const worker = await register(place.url, protocol);
    place.clock.skip(301_000);
    expect(await refusal(worker.call.heartbeat({ state: State.IDLE }))).toBe("unauthorized");
    const forged = `${worker.token.split(".").slice(0, 2).join(".")}.${Buffer.alloc(32).toString("base64url")}`;
    expect(await refusal(client(place.url, protocol, forged).refresh({}))).toBe("unauthorized");
    const fresh = await register(place.url, protocol);
    place.revokedKeys.add("k-acme");
    expect(await refusal(fresh.call.heartbeat({ state: State.IDLE }))).toBe("unauthorized");
    expect(await refusal(fresh.call.refresh({}))).toBe("unauthorized");
    place.revokedKeys.clear();
  });

  test("everything of another tenant", async () => {
    const ours = await register(place.url, protocol);
    const { claim, close } = await claimed(ours);
    const theirs = await register(place.url, protocol, newKey(), apiKeys.globex);
    expect(await refusal(theirs.call.putBlob({ claim, content: Buffer.from("x") }))).toBe("lease-lost");
    await theirs.call.release({ claim, reason: 1, detail: "sabotage" });
    expect(place.acme.queue.claimsOf(ours.worker)).toHaveLength(1);
    expect(await place.desk.revoke("globex", ours.worker, "not theirs")).toBeUndefined();
    expect((await place.desk.views("globex")).map(({ worker }) => worker)).toEqual([theirs.worker]);
    await report(ours, claim, {});
    await close();
  });

  test("a malformed call, without a defect", async () => {
    const worker = await register(place.url, protocol);
    const run = "../../etc";
    expect(await refusal(worker.call.putBlob({ claim: { run, task: "t", token: 1 } }))).toBe("usage");
    expect(await refusal(worker.call.putBlob({ claim: { run: aRun, task: "", token: 1 } }))).toBe("usage");
    expect(await refusal(worker.call.heartbeat({ state: State.UNSPECIFIED }))).toBe("usage");
    expect(await refusal(worker.call.report({}))).toBe("usage");
    expect(place.problems).toEqual([]);
  });
});
