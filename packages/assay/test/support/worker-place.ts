import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { AddressInfo } from "node:net";
import type { Client, Transport } from "@connectrpc/connect";
import { ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { type RunId, runId } from "../../src/domain/index.ts";
import { canonicalJson, type Journal, type TaskOffer } from "../../src/ports/index.ts";
import { preAuthEncoding } from "../../src/receipt/index.ts";
import {
  type RpcLimits,
  serverWithWorkers,
  type TenantWork,
  type Visitors,
  WorkerDesk,
} from "../../src/server/index.ts";
import { MemoryBlobs, MemoryJournal, MemoryWorkerRegistry } from "../../src/store/index.ts";
import { type ClaimRef, type ClaimResponse, FaultSchema, Outcome, Role, WorkerService } from "../../src/wire/index.ts";
import { SkippedClock } from "./skipped-clock.ts";
import { queueOf, takeUp, WatchedQueue } from "./watched-queue.ts";

export type Protocol = "connect-json" | "connect-binary" | "connect-h2c" | "grpc-web" | "grpc";
export const protocols: readonly Protocol[] = ["connect-json", "connect-binary", "connect-h2c", "grpc-web", "grpc"];

/** API keys by what they open. */
export const apiKeys = {
  acme: "key-of-acme",
  acmeToo: "other-key-of-acme",
  globex: "key-of-globex",
  reader: "key-without-workers",
};
export const aRun: RunId = runId("heal-workers01");

export type Tenant = TenantWork & {
  queue: WatchedQueue;
  journal: Journal;
  blobs: MemoryBlobs;
  registry: MemoryWorkerRegistry;
};

type PlaceOptions = {
  heartbeatMs?: number;
  /** Where the first tenant has its tasks. */
  journal?: Journal;
  /** What an earlier daemon left of the first tenant; its run goes on when `takeUp` is called. */
  left?: Tenant;
  limits?: Partial<RpcLimits>;
  visitors?: Visitors;
  /** Default: a free one. */
  port?: number;
};

/** A daemon's desk on a free port, with two tenants. */
export async function workerPlace(options: PlaceOptions = {}) {
  const clock = new SkippedClock();
  const revokedKeys = new Set<string>();
  const problems: unknown[] = [];
  const { left, journal = new MemoryJournal(), limits = {}, visitors, port = 0, ...pace } = options;
  const acme = left === undefined ? await newTenant("acme", journal, clock) : restarted(left, clock);
  const globex = await newTenant("globex", new MemoryJournal(), clock);
  const tenants = new Map(Object.entries({ acme, globex }));
  const desk = new WorkerDesk({
    ...pace,
    tenants,
    secret: Buffer.alloc(32, 7),
    now: clock.now,
    onProblem: (error) => problems.push(error),
    keyStands: async (_tenant, keyId) => !revokedKeys.has(keyId),
    authenticate: async (key) => {
      if (key === apiKeys.acme && revokedKeys.has("k-acme")) return undefined;
      if (key === apiKeys.acme) return { tenant: "acme", keyId: "k-acme", scopes: new Set(["workers"]) };
      if (key === apiKeys.acmeToo) return { tenant: "acme", keyId: "k-acme-too", scopes: new Set(["workers"]) };
      if (key === apiKeys.globex) return { tenant: "globex", keyId: "k-globex", scopes: new Set(["workers"]) };
      return key === apiKeys.reader ? { tenant: "acme", keyId: "k-reader", scopes: new Set(["read"]) } : undefined;
    },
  });
  const server = serverWithWorkers(
    desk,
    (error) => problems.push(error),
    (_request, response) => response.end("rest"),
    { limits, ...(visitors === undefined ? {} : { visitors }) },
  );
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    clock,
    desk,
    url,
    problems,
    revokedKeys,
    acme,
    globex,
    takeUp: () => takeUp(acme.queue, aRun, acme.journal),
    /** Offers a task; the promise is of its end. */
    offer: (task: string, changes: Partial<TaskOffer> = {}) => offerTo(acme, task, changes),
    async [Symbol.asyncDispose]() {
      await desk[Symbol.asyncDispose]();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function newTenant(tenant: string, journal: Journal, clock: SkippedClock): Promise<Tenant> {
  return {
    queue: await queueOf(aRun, journal, clock),
    journal,
    registry: new MemoryWorkerRegistry({ tenant, now: clock.now }),
    blobs: new MemoryBlobs(),
  };
}

function restarted(left: Tenant, clock: SkippedClock): Tenant {
  return { ...left, queue: new WatchedQueue({ clock, read: (run) => left.journal.read(run) }) };
}

async function offerTo(tenant: Tenant, task: string, changes: Partial<TaskOffer>) {
  const input = await tenant.blobs.put(canonicalJson({ what: task }));
  const offer: TaskOffer = {
    run: aRun,
    task,
    kind: "analyze",
    role: "analyzer",
    capabilities: [],
    input,
    leaseMs: 30_000,
    triesMax: 3,
    ...changes,
  };
  return { offer, end: tenant.queue.offer(offer, new AbortController().signal) };
}

export function transport(url: string, protocol: Protocol, token = ""): Transport {
  const options = {
    baseUrl: url,
    interceptors: [
      (next: Parameters<NonNullable<Parameters<typeof createGrpcTransport>[0]["interceptors"]>[number]>[0]) =>
        (request: Parameters<typeof next>[0]) => {
          if (token !== "") request.header.set("authorization", `Bearer ${token}`);
          return next(request);
        },
    ],
  };
  if (protocol === "grpc") return createGrpcTransport(options);
  if (protocol === "grpc-web") return createGrpcWebTransport({ ...options, httpVersion: "1.1" });
  const httpVersion = protocol === "connect-h2c" ? "2" : "1.1";
  return createConnectTransport({ ...options, httpVersion, useBinaryFormat: protocol !== "connect-json" });
}

export function client(url: string, protocol: Protocol, token = ""): Client<typeof WorkerService> {
  return createClient(WorkerService, transport(url, protocol, token));
}

export type TestKey = { privateKey: KeyObject; pem: string };

export function newKey(): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { privateKey, pem: publicKey.export({ type: "spki", format: "pem" }).toString() };
}

export function signed(key: TestKey, type: string, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(sign(null, preAuthEncoding(type, payload), key.privateKey));
}

/** Registers as an analyzer, and gives what speaks for that worker. */
export async function register(
  url: string,
  protocol: Protocol,
  key = newKey(),
  apiKey = apiKeys.acme,
  role = Role.ANALYZER,
) {
  const visitor = client(url, protocol, apiKey);
  const { nonce } = await visitor.challenge({});
  const proof = signed(key, "application/vnd.assay.worker-nonce", Buffer.from(nonce));
  const registered = await visitor.register({ name: "test", role, publicKey: key.pem, nonce, proof });
  return { ...registered, key, call: client(url, protocol, registered.token) };
}

type Registered = Awaited<ReturnType<typeof register>>;

/** Puts an output and reports it as done, signed. */
export async function report({ call, key, worker }: Registered, claim: ClaimRef, answer: unknown): Promise<string> {
  const { digest } = await call.putBlob({ claim, content: Buffer.from(JSON.stringify(answer)) });
  await call.report(reportOf(key, worker, claim, digest));
  return digest;
}

export function reportOf(key: TestKey, worker: string, claim: ClaimRef, output: string) {
  const { run, task, token } = claim;
  const statement = Uint8Array.from(Buffer.from(canonicalJson({ run, task, token, worker, outcome: "done", output })));
  const signature = signed(key, "application/vnd.assay.work-statement+json", statement);
  return { claim, outcome: Outcome.DONE, output, detail: "looked", statement, signature };
}

/** The code of the fault that a call is refused with, or what went wrong otherwise. */
export async function refusal(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    return ConnectError.from(error).findDetails(FaultSchema)[0]?.code ?? String(error);
  }
}

/** The next task of a stream of claims. */
export async function nextTask(claims: AsyncIterator<ClaimResponse>) {
  for (;;) {
    const { value, done } = await claims.next();
    if (done === true) throw new Error("the stream of claims ended");
    if (value.event.case !== "task") continue;
    const task = value.event.value;
    if (task.claim === undefined) throw new Error("a task without its claim");
    return { ...task, claim: task.claim };
  }
}
