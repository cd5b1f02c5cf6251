import type { RouteAnswer } from "../api/route.ts";
import type { Routes } from "../api/routes.ts";
import type { PositionedEvent, RunDetail, RunStatus, RunView } from "../api/views.ts";
import type { Digest } from "../digest.ts";
import type { RunEventType } from "../event.ts";
import type { Goal } from "../goal.ts";
import { type CallInput, type CallName, callRoute, type RouteInput } from "./call-route.ts";
import { type AssayClientOptions, Connection } from "./connection.ts";
import { type EventsInput, followEvents } from "./follow-events.ts";
import { pause, waitMs } from "./wait.ts";

type Body<K extends CallName> = RouteInput<Routes[K]> extends { body?: infer B } ? NonNullable<B> : never;
type Query<K extends CallName> = RouteInput<Routes[K]> extends { query?: infer Q } ? Q : never;

/** After these a run does nothing more by itself. */
const resting: ReadonlySet<RunStatus> = new Set(["finished", "cancelled", "paused", "unreadable"]);
/** Half a minute at most together; afterwards the stream's heartbeats have it looked at. */
const windingLooksMax = 9;
const restingTypes: readonly RunEventType[] = ["result", "run-paused", "run-cancelled"];

/**
 * A daemon's client, for Node and browsers. `call` reaches every operation of the table by its name; the rest are the common ones in
 * words. All throw an `AssayProblem`: the daemon's own, or `daemon-unreachable` when there is no answer.
 */
export class AssayClient {
  readonly #connection: Connection;

  constructor(options: AssayClientOptions) {
    this.#connection = new Connection(options);
  }

  /** Any operation; what it takes and gives is typed and parsed by its schemas. */
  call<K extends CallName>(name: K, ...input: CallInput<K>): Promise<RouteAnswer<Routes[K]>> {
    return callRoute(this.#connection, name, ...input);
  }

  /** The events of all runs, or of one, each once and in order, through lost connections. */
  async *events(input: EventsInput = {}): AsyncGenerator<PositionedEvent, void, void> {
    for await (const received of followEvents(this.#connection, input)) {
      if (received.kind === "event") yield { position: received.position, event: received.event };
    }
  }

  readonly runs = {
    /** Begins a run, once for each key, however often it is asked. */
    create: (
      goal: Goal,
      options: Omit<Body<"createRun">, "goal"> & { idempotencyKey?: string; traceparent?: string | undefined } = {},
    ): Promise<RunView> => {
      const { idempotencyKey, traceparent, ...rest } = options;
      return this.call("createRun", { body: { goal, ...rest }, idempotencyKey, traceparent });
    },
    list: (query: Query<"listRuns"> = {}) => this.call("listRuns", { query }),
    get: (run: string) => this.call("readRun", { params: { run } }),
    /** One page; `client.events` follows what comes. */
    events: (run: string, query: Query<"readEvents"> = {}) => this.call("readEvents", { params: { run }, query }),
    /** Ends it for good. */
    cancel: (run: string) => this.call("cancelRun", { params: { run } }),
    /** Stops it at its next checkpoint, resumable. */
    interrupt: (run: string) => this.call("interruptRun", { params: { run } }),
    resume: (run: string, body: Body<"resumeRun"> = {}) => this.call("resumeRun", { params: { run }, body }),
    /** A new run that does a step, and what follows it, again. */
    fork: (run: string, step: string, input?: unknown) =>
      this.call("forkRun", { params: { run }, body: { step, ...(input === undefined ? {} : { input }) } }),
    audit: async (run: string) => (await this.call("auditRun", { params: { run } })).items,
    /** Until it is finished, cancelled or paused. */
    wait: (run: string, options: { signal?: AbortSignal } = {}) => this.#wait(run, options.signal),
  };

  readonly approvals = {
    list: async () => (await this.call("listApprovals")).items,
    approve: (run: string, said: { by?: string; note?: string } = {}) =>
      this.call("decideApproval", { params: { run }, body: { approved: true, ...said } }),
    reject: (run: string, said: { by?: string; note?: string } = {}) =>
      this.call("decideApproval", { params: { run }, body: { approved: false, ...said } }),
  };

  readonly artifacts = {
    list: async (run: string) => (await this.call("listArtifacts", { params: { run } })).items,
    read: (run: string, name: string) => this.call("readArtifact", { params: { run, name } }),
  };

  readonly blobs = {
    /** Evidence, and whatever else is kept by its digest. */
    read: (digest: Digest) => this.call("readBlob", { params: { digest } }),
    keep: async (content: Uint8Array) => (await this.call("keepBlob", { body: { base64: toBase64(content) } })).digest,
  };

  readonly receipts = {
    /** Signature, digests, verdict, signer; checked by the daemon. */
    verify: (run: string) => this.call("verifyRun", { params: { run } }),
  };

  readonly tasks = {
    list: (query: Query<"listTasks"> = {}) => this.call("listTasks", { query }),
    get: (run: string, task: string) => this.call("readTask", { params: { run, task } }),
    retry: (run: string, task: string) => this.call("retryTask", { params: { run, task } }),
  };

  readonly workers = {
    list: async () => (await this.call("listWorkers")).items,
    grantAttest: (worker: string, granted = true) =>
      this.call("grantAttest", { params: { worker }, body: { granted } }),
    revoke: (worker: string, reason?: string) => this.call("revokeWorker", { params: { worker }, body: { reason } }),
  };

  readonly circuits = {
    list: async (query: Query<"listCircuits"> = {}) => (await this.call("listCircuits", { query })).items,
    get: (circuit: string) => this.call("readCircuit", { params: { circuit } }),
    reset: (circuit: string, reason?: string) => this.call("resetCircuit", { params: { circuit }, body: { reason } }),
  };

  readonly keys = {
    create: (body: Body<"createKey">) => this.call("createKey", { body }),
    /** Of another tenant only by a key of the default one, like `revoke`. */
    list: async (tenant?: string) => (await this.call("listKeys", { query: { tenant } })).items,
    revoke: (id: string, tenant?: string) => this.call("revokeKey", { params: { id }, query: { tenant } }),
  };

  /** Looks whenever something may have changed: when a connection stands, when it is said to be alive, when the run says so. */
  async #wait(run: string, signal: AbortSignal | undefined): Promise<RunDetail> {
    for await (const received of followEvents(this.#connection, { run, types: restingTypes, signal })) {
      // A run that said so is wound down first, its report written; no event tells the end of that.
      const looksMax = received.kind === "event" ? windingLooksMax : 1;
      for (let looks = 1; looks <= looksMax; looks++) {
        const detail = await this.call("readRun", { params: { run }, signal });
        if (resting.has(detail.status)) return detail;
        if (looks < looksMax) await pause(waitMs(looks, 100, Math.random()), signal);
      }
    }
    throw new Error("the stream of events has no end of its own");
  }
}

/** Not every runtime has `Uint8Array.prototype.toBase64`. */
function toBase64(content: Uint8Array): string {
  let text = "";
  for (let at = 0; at < content.length; at += 8192) text += String.fromCharCode(...content.subarray(at, at + 8192));
  return btoa(text);
}
