import { randomBytes } from "node:crypto";
import { type Log, Metrics, serverLog, Telemetry, timedJournal } from "#app";
import { Circuits, JournalQueue, workerGate } from "#engine";
import { defaultTenant } from "#ports";
import { SqliteCircuitLog, SqliteSettings, SqliteWorkerRegistry } from "#store";
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
const secretSetting = "worker-token-secret";
const secretBytes = 32;

/** A project as a daemon with all that belongs to it: runs, events, workers, circuit breakers, telemetry. Faults: as `startServer`. */
export async function serveProject({ log, ...options }: ServeProjectOptions): Promise<RunningServer> {
  await using resources = new AsyncDisposableStack();
  let standing: OpenDaemon["standing"] | undefined;
  const metrics = new Metrics({ ofProcess: true, standing: async () => (await standing?.()) ?? nothingStands });
  const telemetry = resources.use(new Telemetry({ log, metrics }));
  const server = await startServer({
    ...options,
    log: serverLog(log, metrics),
    services: servicesOf(telemetry, metrics),
    extend: async (daemon) => {
      standing = daemon.standing;
      return { ...(await workersOf(daemon, log)), metrics: () => metrics.text() };
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
function servicesOf(telemetry: Telemetry, metrics: Metrics): OpenServices {
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
      close: () => kept.disposeAsync(),
    };
  };
}

/** The desk that workers talk to, in front of the API on its port. */
async function workersOf({ supervisor, authenticator }: OpenDaemon, log: Log): Promise<ServeExtensions> {
  const desk = new WorkerDesk({
    tenants: supervisor.works,
    // After a restart a worker is back before its tenant's runs are.
    openTenant: (tenant) => supervisor.servicesOf(tenant),
    authenticate: async (key) => {
      const found = await authenticator.byKey(key);
      return found.kind === "known" ? found.identity.caller : undefined;
    },
    keyStands: (tenant, keyId) => authenticator.stillHolds({ tenant, keyId, scopes: new Set() }),
    secret: await tokenSecret((await supervisor.desk(defaultTenant)).project.places.journal),
    onProblem: (error) => log.error("workers could not be looked after", {}, error),
  });
  const stopped = supervisor.stopped(defaultTenant);
  if (stopped !== undefined) await desk.stop(stopped);
  return {
    workers: desk,
    serverFactory: (listener) =>
      serverWithWorkers(desk, (error) => log.error("a call of a worker failed", {}, error), listener, {
        make: newServer,
      }),
    close: () => desk[Symbol.asyncDispose](),
  };
}

async function tokenSecret(database: string): Promise<Uint8Array> {
  await using settings = await SqliteSettings.open(database, defaultTenant);
  const kept = await settings.get(secretSetting);
  if (kept !== undefined) return Buffer.from(kept, "base64");
  const secret = randomBytes(secretBytes);
  await settings.set(secretSetting, secret.toString("base64"));
  return secret;
}
