import type { Health } from "@assay/sdk";
import { assayVersion, daemonPaths, removeDaemonFiles, writeDaemonFile, writeDaemonKey } from "#app";
import { type ApiKeys, defaultTenant } from "#ports";
import { ProcessOwners, SqliteApiKeys, SqliteMutationLog } from "#store";
import { Authenticator } from "./auth/authenticator.ts";
import { eventStreamsOf } from "./daemon/event-streams-of.ts";
import { allowedHosts, listen } from "./daemon/listen.ts";
import { refuseUnguarded } from "./daemon/refuse-unguarded.ts";
import { createHandlers } from "./handlers/create-handlers.ts";
import type { HandlerParts } from "./handlers/handler-parts.ts";
import { healthOf } from "./handlers/health.ts";
import type { HttpLog, HttpOptions } from "./http/http-options.ts";
import { createHttpServer } from "./http/http-server.ts";
import { Supervisor, type SupervisorOptions } from "./supervisor/supervisor.ts";

export type ServeOptions = {
  directory: string;
  host: string;
  /** 0: a free one. */
  port: number;
  /** Runs at the same time, and waiting, of all tenants together. */
  runsMax: number;
  queuedMax: number;
  /** `ASSAY_API_KEY`. */
  environmentKey?: string;
  /** Names that clients may call the daemon by, besides those of loopback. */
  allowedHosts?: readonly string[];
  allowedOrigins?: readonly string[];
  tlsInFront?: boolean;
  log?: HttpLog;
  /** What tenants have besides their runs: a queue for workers, circuits, who follows their journals. */
  services?: SupervisorOptions["services"];
  /** What the daemon serves besides the API, made when it is open and before it listens. */
  extend?: (daemon: OpenDaemon) => Promise<ServeExtensions>;
};

/** What extensions are made of. */
export type OpenDaemon = {
  supervisor: Supervisor;
  authenticator: Authenticator;
  keys: ApiKeys;
  /** How the default tenant stands, and how many follow events; `undefined` until it listens. */
  standing: () => Promise<(Health & { eventClients: number }) | undefined>;
};

/** Each absent where it is not served. */
export type ServeExtensions = Pick<Partial<HandlerParts>, "workers" | "metrics"> & {
  /** Puts another protocol in front of the API on its port. */
  serverFactory?: HttpOptions["serverFactory"];
  /** Before the server's connections end and runs are brought to their checkpoints. */
  close?: () => Promise<void>;
};

export type RunningServer = {
  url: string;
  /** Where the key for this machine is. */
  keyPath: string;
  root: string;
  /** Runs that an earlier daemon left, and that go on now. */
  takenUp: number;
  supervisor: Supervisor;
  /** Takes no more work, brings what runs to a checkpoint, closes the journal. Settles when all of it is done. */
  stop(): Promise<void>;
};

/** What is left of the time to exit goes to the runs' checkpoints. */
const requestsGraceMs = 2_000;

/**
 * Opens a project as its one owner and serves it. Faults: `run-locked` where another process works on it, `usage` for a port that is
 * taken and for a host beyond loopback without a key, and what opening a project throws.
 */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const owners = new ProcessOwners();
  const { runsMax, queuedMax, log } = options;
  await using resources = new AsyncDisposableStack();
  const supervisor = resources.use(
    await Supervisor.open(options.directory, {
      owners,
      runsMax,
      queuedMax,
      ...(options.services === undefined ? {} : { services: options.services }),
      onEnd: ({ run, tenant }, end) => {
        // What the run itself came to is in its journal, and told from there.
        if (end.kind === "fault") log?.error({ run, tenant, error: end.fault.message }, "a run could not go on");
      },
      onProblem: (error) => log?.error({ error }, "an emergency stop could not be written down yet"),
    }),
  );
  const database = (await supervisor.desk(defaultTenant)).project.places.journal;
  const keys = resources.use(await SqliteApiKeys.open(database));
  const mutations = resources.use(await SqliteMutationLog.open(database));
  await refuseUnguarded(options.host, options.environmentKey, keys);

  const localKey = await writeDaemonKey(supervisor.state);
  resources.defer(() => removeDaemonFiles(supervisor.state));
  const state: { phase: "starting" | "ready" | "stopping" } = { phase: "starting" };
  const authenticator = new Authenticator({
    keys,
    fixed: {
      local: localKey,
      ...(options.environmentKey === undefined ? {} : { environment: options.environmentKey }),
    },
  });
  let standing: OpenDaemon["standing"] = async () => undefined;
  const { serverFactory, workers, metrics, close } =
    (await options.extend?.({ supervisor, authenticator, keys, standing: () => standing() })) ?? {};
  const streams = eventStreamsOf(supervisor, (caller) => authenticator.stillHolds(caller));
  const parts: HandlerParts = {
    ...(workers === undefined ? {} : { workers }),
    supervisor,
    keys,
    mutations,
    metrics: metrics ?? (async () => ""),
    version: assayVersion(),
    startedAt: Date.now(),
    now: Date.now,
    stopping: () => state.phase === "stopping",
    onKeyRevoked: (keyId) => streams.endOf(keyId),
  };
  standing = async () => ({ ...(await healthOf(parts, defaultTenant)), eventClients: streams.open });
  const http = await createHttpServer({
    handlers: createHandlers(parts),
    serveEvents: (call, response, request) => streams.serve(call, response, request),
    authenticator,
    mutations,
    allowedHosts: allowedHosts(options.host, options.allowedHosts),
    ...(options.allowedOrigins === undefined ? {} : { allowedOrigins: options.allowedOrigins }),
    ...(options.tlsInFront === undefined ? {} : { tlsInFront: options.tlsInFront }),
    ready: () => state.phase === "ready",
    version: assayVersion(),
    ...(log === undefined ? {} : { log }),
    ...(serverFactory === undefined ? {} : { serverFactory }),
  });
  resources.defer(async () => {
    streams.close();
    await http.close(requestsGraceMs);
  });
  // First of all: connections of what is served besides the API are nothing that the server waits for.
  if (close !== undefined) resources.defer(close);
  const url = await listen(http, options);
  const takenUp = await supervisor.takeUp();
  state.phase = "ready";
  // Last: whoever finds it may use it at once.
  await writeDaemonFile(supervisor.state, {
    url,
    pid: process.pid,
    owner: owners.self,
    version: assayVersion(),
    startedAt: Date.now(),
  });

  const open = resources.move();
  let stopping: Promise<void> | undefined;
  return {
    url,
    keyPath: daemonPaths(supervisor.state).key,
    root: supervisor.root,
    takenUp,
    supervisor,
    stop: () => {
      state.phase = "stopping";
      stopping ??= open.disposeAsync();
      return stopping;
    },
  };
}
