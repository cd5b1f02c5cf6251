import { createServer } from "node:http2";
import type { AddressInfo, Server } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { canonicalJson } from "../../src/ports/index.ts";
import { signerFor } from "../../src/receipt/index.ts";
import { runWorker, type WorkerEvent } from "../../src/worker/index.ts";
import { runAssay } from "../support/run-assay.ts";
import { scratch } from "../support/scratch.ts";
import { apiKeys, newKey, workerPlace } from "../support/worker-place.ts";

let place: Awaited<ReturnType<typeof workerPlace>>;
let scope: AsyncDisposableStack;
beforeEach(async () => {
  scope = new AsyncDisposableStack();
  place = scope.use(await workerPlace({ heartbeatMs: 50 }));
});
afterEach(async () => {
  await scope.disposeAsync();
});

/** The program, once it has joined. */
async function joined(home: string, role: string) {
  const seen = Promise.withResolvers<{ worker: string; pid: number }>();
  const ended = runAssay(home, ["worker", "--url", place.url, "--role", role, "--json"], {
    env: { ASSAY_API_KEY: apiKeys.acme },
    onStart: (pid) => scope.defer(() => stop(pid)),
    onStdout: (text, pid) => {
      const worker = /"worker":"(w-[0-9a-f]+)"/.exec(text)?.[1];
      if (worker !== undefined) seen.resolve({ worker, pid });
    },
  });
  void ended.then(({ stderr }) => seen.reject(new Error(`it ended: ${stderr}`)));
  return { ended, ...(await seen.promise) };
}

function stop(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It has ended.
  }
}

test("workers of one user on one machine are workers of their own, whatever their roles, and do what there is", async () => {
  const home = scope.use(await scratch());
  const workers = await Promise.all(["analyzer", "analyzer", "tester"].map((role) => joined(home.path, role)));
  expect(new Set(workers.map(({ worker }) => worker)).size).toBe(3);
  const question = canonicalJson({ version: 1, kind: "analyze", files: [], question: "what is wrong?" });
  const input = await place.acme.blobs.put(question);
  const offers = await Promise.all(["one", "two", "three"].map((task) => place.offer(task, { input, triesMax: 1 })));
  for (const { end } of offers) expect(await end).toMatchObject({ outcome: "failed", attempts: 1 });
  for (const { pid } of workers) stop(pid);
  for (const { ended } of workers) {
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(stdout.match(/"type":"worker-joined"/g)).toHaveLength(1);
  }
});

describe("a worker ends, and says why,", () => {
  const run = (changes: { url?: string; apiKey?: string; key?: ReturnType<typeof newKey>; leave?: AbortSignal }) => {
    const events: WorkerEvent[] = [];
    const waiting = Promise.withResolvers<void>();
    const { url = place.url, apiKey = apiKeys.acme, key = newKey(), leave = new AbortController().signal } = changes;
    const ended = runWorker({
      url,
      apiKey,
      name: "test",
      role: "analyzer",
      capabilities: [],
      signer: signerFor(key.privateKey),
      concurrency: 1,
      executors: {},
      signal: leave,
      graceMsMax: 100,
      onEvent: (event) => {
        events.push(event);
        if (event.kind === "joined") waiting.resolve();
      },
    });
    return { ended, events, joined: waiting.promise };
  };

  test("when another process works by its key", async () => {
    const key = newKey();
    const first = run({ key });
    const refused = expect(first.ended).rejects.toMatchObject({
      fault: { code: "worker-superseded", message: expect.stringContaining("this worker was started elsewhere") },
    });
    await first.joined;
    const leave = new AbortController();
    const second = run({ key, leave: leave.signal });
    await refused;
    leave.abort();
    await second.ended;
    expect([...first.events, ...second.events].map(({ kind }) => kind)).toEqual(["joined", "joined"]);
  });

  test("when its API key is none of the daemon's", async () => {
    const { ended } = run({ apiKey: "mistyped" });
    await expect(ended).rejects.toMatchObject({
      fault: { code: "unauthorized", message: expect.stringContaining("this is not a key of this daemon") },
    });
  });

  test("when nothing of a daemon is found at the address", async () => {
    const address = await listening(createServer((_, response) => response.writeHead(404).end()));
    await expect(run({ url: address }).ended).rejects.toMatchObject({
      fault: { code: "usage", message: `there is no daemon at ${address}: HTTP 404`, remedy: expect.any(String) },
    });
    await expect(run({ url: `${place.url}/v1` }).ended).rejects.toMatchObject({ fault: { code: "usage" } });
  });

  test("when the address is written with TLS and the port has none", async () => {
    const url = place.url.replace("http:", "https:");
    await expect(run({ url }).ended).rejects.toMatchObject({
      fault: { code: "usage", message: `what listens at ${url} does not speak TLS` },
    });
  });
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  scope.defer(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
