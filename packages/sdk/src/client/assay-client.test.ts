import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { AssayClient } from "./assay-client.ts";
import { AssayProblem } from "./assay-problem.ts";

type Answering = (request: IncomingMessage, response: ServerResponse, body: string) => void;

async function serve(answer: Answering): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    answer(request, response, body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const json = (response: ServerResponse, value: unknown, status = 200) =>
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
const view = { run: "heal-00000001", status: "queued", summary: "", startedAt: 1, lastEventAt: 1, events: 1 };
const goal = { kind: "heal", root: "/p", tests: [], apply: false } as const;

async function problemOf(asked: Promise<unknown>): Promise<AssayProblem> {
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof AssayProblem) return error;
  throw new Error(`no problem, but ${String(error)}`);
}

describe("AssayClient", () => {
  test("sends what the table says: method, path, query, key, body", async () => {
    const seen: unknown[] = [];
    await using server = await serve(({ method, url, headers }, response, body) => {
      seen.push([method, url, headers.authorization, headers["idempotency-key"], body]);
      if (url === "/v1/runs" && method === "POST") json(response, view, 201);
      else if (url?.startsWith("/v1/runs?")) json(response, { items: [view], next: "c2" });
      else json(response, { items: [] });
    });
    const client = new AssayClient({ url: server.url, key: "assay_k" });
    expect(await client.runs.create(goal, { idempotencyKey: "once", budget: { attemptsMax: 2 } })).toEqual(view);
    expect(await client.runs.list({ status: "queued", limit: 2, cursor: undefined })).toEqual({
      items: [view],
      next: "c2",
    });
    expect(await client.artifacts.list("a/b c")).toEqual([]);
    const key = "Bearer assay_k";
    expect(seen).toEqual([
      ["POST", "/v1/runs", key, "once", JSON.stringify({ goal, budget: { attemptsMax: 2 } })],
      ["GET", "/v1/runs?status=queued&limit=2", key, undefined, ""],
      ["GET", "/v1/runs/a%2Fb%20c/artifacts", key, undefined, ""],
    ]);
  });

  test("gives bytes as bytes and text as text", async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    await using server = await serve(({ url }, response) => response.end(url === "/metrics" ? "up 1\n" : bytes));
    const client = new AssayClient({ url: server.url });
    expect(await client.artifacts.read("heal-00000001", "fix.patch")).toEqual(bytes);
    expect(await client.call("metrics")).toBe("up 1\n");
  });

  test("keeps content that no single call of String.fromCharCode could take", async () => {
    const content = crypto.getRandomValues(new Uint8Array(60_000));
    const digest = `sha256:${"a".repeat(64)}`;
    let kept = "";
    await using server = await serve((_, response, body) => {
      kept = (JSON.parse(body) as { base64: string }).base64;
      json(response, { digest }, 201);
    });
    expect(await new AssayClient({ url: server.url }).blobs.keep(content)).toBe(digest);
    expect(Buffer.from(kept, "base64").equals(content)).toBe(true);
  });

  test("throws the problem that the daemon tells", async () => {
    const problem = {
      type: "urn:assay:fault:run-not-found",
      title: "Not Found",
      status: 404,
      detail: "there is no run",
      instance: "r1",
      code: "run-not-found",
      remedy: "list the runs",
    };
    await using server = await serve((_, response) => json(response, problem, 404));
    const thrown = await problemOf(new AssayClient({ url: server.url }).runs.get("heal-00000001"));
    expect([thrown.problem, thrown.status, thrown.code, thrown.message]).toEqual([
      problem,
      404,
      "run-not-found",
      "there is no run",
    ]);
  });

  test("says so where something else answers, or nothing", async () => {
    let url: string;
    {
      await using server = await serve((_, response) => response.writeHead(502).end("<h1>Bad gateway</h1>"));
      url = server.url;
      const thrown = await problemOf(new AssayClient({ url }).runs.list());
      expect([thrown.code, thrown.status]).toEqual(["daemon-unreachable", 502]);
    }
    const thrown = await problemOf(new AssayClient({ url }).runs.list());
    expect([thrown.code, thrown.status]).toEqual(["daemon-unreachable", 0]);
    expect(thrown.message).toContain("ECONNREFUSED");
  });

  test("does not wait for ever for one that takes a call and says nothing", async () => {
    await using server = await serve(() => undefined);
    const client = new AssayClient({ url: server.url, answerMsMax: 50 });
    const thrown = await problemOf(client.runs.list());
    expect([thrown.code, thrown.status]).toEqual(["daemon-unreachable", 0]);
    expect(thrown.message).toContain("no answer from");
  });

  test("refuses an answer that does not fit its schema, is too long, or leads elsewhere", async () => {
    await using server = await serve(({ url }, response) => {
      if (url === "/v1/workers") json(response, { items: [{ worker: 1 }] });
      else if (url === "/v1/approvals") json(response, { items: [], more: "x".repeat(2000) });
      else response.writeHead(302, { location: "/v1/workers" }).end();
    });
    const client = new AssayClient({ url: server.url, answerBytesMax: 1000 });
    expect((await problemOf(client.workers.list())).message).toContain("the answer to listWorkers is not what");
    expect((await problemOf(client.approvals.list())).code).toBe("too-large");
    expect((await problemOf(client.circuits.list())).code).toBe("daemon-unreachable");
  });

  test("waits until a run that told its result is wound down, though no other event says so", async () => {
    const result = { type: "result", outcome: "accepted", exitCode: 0, summary: "mended", seq: 9, at: 9 };
    const data = JSON.stringify({ position: 4, event: { ...result, runId: view.run } });
    const budget = { run: view.run, total: {}, spent: {}, remaining: {} };
    const detail = { ...view, goal, budget, steps: [], children: [] };
    const statuses = ["running", "running", "running", "finished"];
    await using server = await serve(({ url }, response) => {
      if (!url?.startsWith("/v1/events")) return json(response, { ...detail, status: statuses.shift() });
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(`: connected\nid: 3\n\nid: 4\nevent: result\ndata: ${data}\n\n`);
    });
    const client = new AssayClient({ url: server.url });
    expect(await client.runs.wait(view.run)).toMatchObject({ status: "finished" });
    expect(statuses).toEqual([]);
  });

  test("is aborted with the reason of its signal", async () => {
    await using server = await serve(() => undefined);
    const client = new AssayClient({ url: server.url });
    const controller = new AbortController();
    const asked = client.call("live", { signal: controller.signal });
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });
});
