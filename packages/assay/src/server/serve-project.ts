import { randomBytes } from "node:crypto";
import { type Log, Metrics, readUserConfig, serverLog, Telemetry, timedJournal } from "#app";
import { defaultAttestation } from "#domain";
import { Circuits, JournalQueue, workerGate } from "#engine";
import { defaultTenant, type WorkerRegistry } from "#ports";
import { SqliteCircuitLog, SqliteSettings, SqliteWorkerRegistry } from "#store";
import type { AttestationDesk } from "#workflows";
import { newServer } from "./http/new-server.ts";
import { serverWithWorkers } from "./rpc/server-with-workers.ts";
import { WorkerDesk } from "./rpc/worker-desk.ts";
import {
  type OpenDaemon,
  type RunningServer,
  type ServeExtensions,
  type ServeOptions,
  startServer,
} from "./start-server.ts";
import type { OpenServices } from "./supervisor/tenant-services.ts";

export type ServeProjectOptions = Omit<ServeOptions, "log" | "services" | "extend"> & { log: Log };

/** Signs workers' tokens; kept, so that a restart does not send all workers away. */
const tokenSecret = "worker-token-secret";
/** Draws which of the trusted results are executed again; kept, so that a restart draws the same. */
const sampleSecret = "attestation-sample-secret";
const secretBytes = 32;

/** A project as a daemon with all that belongs to it: runs, events, workers, circuit breakers, telemetry. Faults: as `startServer`. */
export async function serveProject({ log, ...options }: ServeProjectOptions): Promise<RunningServer> {
  await using resources = new AsyncDisposableStack();
  let standing: OpenDaemon["standing"] | undefined;
  let desk: WorkerDesk | undefined;
  const metrics = new Metrics({ ofProcess: true, standing: async () => (await standing?.()) ?? nothingStands });
  const telemetry = resources.use(new Telemetry({ log, metrics }));
  const server = await startServer({
    ...options,
    log: serverLog(log, metrics),
    services: servicesOf(telemetry, metrics, () => desk),
    extend: async (daemon) => {
      standing = daemon.standing;
      desk = await openDesk(daemon, log);
      return { ...workersAt(desk, log), metrics: () => metrics.text() };
    },
  });
  const owned = resources.move();
  return {
    ...server,
    async stop() {
      await server.stop();
      await owned.disposeAsync();
    },
  };
}

/** Until the daemon is open. */
const nothingStands = {
  runs: { running: 0, queued: 0 },
  workers: { here: 0, away: 0 },
  tasks: { queued: 0, claimed: 0 },
  circuits: { closed: 0, halfOpen: 0, open: 0 },
  emergencyStop: false,
  problems: [],
  eventClients: 0,
};

/** What each tenant's runs have besides journal and blobs. */
function servicesOf(telemetry: Telemetry, metrics: Metrics, desk: () => WorkerDesk | undefined): OpenServices {
  return async ({ tenant, journal, database }) => {
    await using opened = new AsyncDisposableStack();
    const changes = opened.use(await SqliteCircuitLog.open(database, { tenant }));
    const registry = opened.use(await SqliteWorkerRegistry.open(database, { tenant }));
    const circuits = await Circuits.open(changes);
    opened.defer(() => circuits.settled());
    const queue = new JournalQueue({ gate: workerGate(circuits), read: (run) => journal.read(run) });
    opened.use(await telemetry.follow(journal, tenant));
    const kept = opened.move();
    return {
      engine: { queue, circuits, journal: timedJournal(journal, (durationMs) => metrics.addAppend(durationMs)) },
      circuits,
      work: { queue, registry },
      attestation: await attestationOf({ tenant, registry, database, desk }),
      close: () => kept.disposeAsync(),
    };
  };
}

/** The desk that workers talk to. */
async function openDesk({ supervisor, authenticator }: OpenDaemon, log: Log): Promise<WorkerDesk> {
  const desk = new WorkerDesk({
    tenants: supervisor.works,
    // After a restart a worker is back before its tenant's runs are.
    openTenant: (tenant) => supervisor.servicesOf(tenant),
    authenticate: async (key) => {
      const found = await authenticator.byKey(key);
      return found.kind === "known" ? found.identity.caller : undefined;
    },
    keyStands: (tenant, keyId) => authenticator.stillHolds({ tenant, keyId, scopes: new Set() }),
    secret: await keptSecret((await supervisor.desk(defaultTenant)).project.places.journal, tokenSecret),
    onProblem: (error) => log.error("workers could not be looked after", {}, error),
  });
  const stopped = supervisor.stopped(defaultTenant);
  if (stopped !== undefined) await desk.stop(stopped);
  return desk;
}

/** It is in front of the API on its port. */
function workersAt(desk: WorkerDesk, log: Log): ServeExtensions {
  return {
    workers: desk,
    serverFactory: (listener, visitors) =>
      serverWithWorkers(desk, (error) => log.error("a call of a worker failed", {}, error), listener, {
        make: newServer,
        visitors,
      }),
    close: () => desk[Symbol.asyncDispose](),
  };
}

type TesterParts = { tenant: string; registry: WorkerRegistry; database: string; desk: () => WorkerDesk | undefined };

/** What is believed of testers. One that a run finds wrong is shut out of everything at once. */
async function attestationOf({ tenant, registry, database, desk }: TesterParts): Promise<AttestationDesk> {
  const { workers } = await readUserConfig();
  return {
    registry,
    secret: await keptSecret(database, sampleSecret),
    policy: { sampleRate: workers?.sampleRate ?? defaultAttestation.sampleRate },
    hasTester: async () =>
      ((await desk()?.views(tenant)) ?? []).some(
        ({ role, attest, status }) => role === "tester" && attest && status === "here",
      ),
    async revoke(worker, because) {
      await registry.revoke(worker, because);
      await desk()?.revoke(tenant, worker, because);
    },
  };
}

async function keptSecret(database: string, name: string): Promise<Uint8Array> {
  await using settings = await SqliteSettings.open(database, defaultTenant);
  const kept = await settings.get(name);
  if (kept !== undefined) return Buffer.from(kept, "base64");
  const secret = randomBytes(secretBytes);
  await settings.set(name, secret.toString("base64"));
  return secret;
}
