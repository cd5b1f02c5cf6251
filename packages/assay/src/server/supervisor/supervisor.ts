import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { openLocalProject, openStateDirectory, statePlaces } from "#app";
import { FaultError, fault, raise } from "#domain";
import type { AdmissionLimits } from "#engine";
import { defaultTenant, type Owners } from "#ports";
import { acquireProjectLock, SqliteRequestLog, SqliteSettings } from "#store";
import type { TenantWork } from "../rpc/tenant-work.ts";
import type { Drive, DriveEnd } from "./drive.ts";
import { Drives } from "./drives.ts";
import { StopOrders, stopFault } from "./stop-orders.ts";
import { TenantDesk } from "./tenant-desk.ts";
import type { OpenServices, TenantServices } from "./tenant-services.ts";

export type SupervisorOptions = AdmissionLimits & {
  owners: Owners;
  /** What tenants have besides their runs. Default: nothing. */
  services?: OpenServices;
  onEnd?: (drive: Drive, end: DriveEnd) => void;
  /** Told of what no call can answer for: a stop that cannot be written down yet. */
  onProblem?: (error: unknown) => void;
};

const tenantPattern = /^[a-z0-9][a-z0-9-]{0,62}$/;
const stopSetting = "emergency-stop";

type Opened = { desk: TenantDesk; settings: SqliteSettings; services: TenantServices };

/**
 * The one owner of a project: it holds the project's lock for its whole life, and drives the runs of all tenants.
 * Opening throws `run-locked` where another process works on the project, and what opening a project throws.
 */
export class Supervisor implements AsyncDisposable {
  readonly root: string;
  /** The project's state directory. */
  readonly state: string;
  readonly drives: Drives;
  readonly #options: SupervisorOptions;
  readonly #requests: SqliteRequestLog;
  readonly #lock: AsyncDisposable;
  readonly #tenants = new Map<string, Promise<Opened>>();
  readonly #works = new Map<string, TenantWork>();
  readonly #stops: StopOrders;

  private constructor(
    place: { root: string; state: string },
    options: SupervisorOptions,
    requests: SqliteRequestLog,
    lock: AsyncDisposable,
  ) {
    this.root = place.root;
    this.state = place.state;
    this.#options = options;
    this.#requests = requests;
    this.#lock = lock;
    this.drives = new Drives(options);
    this.#stops = new StopOrders({
      ...(options.onProblem === undefined ? {} : { onFailed: options.onProblem }),
    });
  }

  static async open(directory: string, options: SupervisorOptions): Promise<Supervisor> {
    const state = await openStateDirectory(directory);
    const database = statePlaces(state).journal;
    await using resources = new AsyncDisposableStack();
    const { owners } = options;
    const lock = resources.use(
      await acquireProjectLock({ database, project: state.root, holder: "assay serve", owners }),
    );
    const requests = resources.use(await SqliteRequestLog.open(database));
    const supervisor = new Supervisor({ root: state.root, state: state.path }, options, requests, lock);
    // Faults of the configuration are told at the start.
    await supervisor.desk(defaultTenant);
    resources.move();
    return supervisor;
  }

  /** A tenant's desk, opened when it is first asked for. */
  async desk(tenant: string): Promise<TenantDesk> {
    return (await this.#open(tenant)).desk;
  }

  async servicesOf(tenant: string): Promise<TenantServices> {
    return (await this.#open(tenant)).services;
  }

  /** What workers work on, by tenant; grows as tenants are opened. */
  get works(): ReadonlyMap<string, TenantWork> {
    return this.#works;
  }

  /** Goes on with what an earlier daemon left, of all tenants. Gives how many runs these are. */
  async takeUp(): Promise<number> {
    let taken = 0;
    for (const tenant of await this.tenants()) taken += await (await this.desk(tenant)).takeUp();
    return taken;
  }

  /** All that were ever here. */
  async tenants(): Promise<string[]> {
    const names = await readdir(join(this.state, "tenants")).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
    return [...new Set([defaultTenant, ...names.filter((name) => tenantPattern.test(name)), ...this.#tenants.keys()])];
  }

  /** How many runs of a tenant go on and wait. */
  depthOf(tenant: string): { running: number; queued: number } {
    const states = this.drives.all().flatMap((drive) => (drive.tenant === tenant ? [drive.state] : []));
    const running = states.filter((state) => state === "running").length;
    return { running, queued: states.length - running };
  }

  /** Why nothing of a tenant's is executed, if so. */
  stopped(tenant: string): string | undefined {
    return this.#stops.of(tenant);
  }

  /**
   * Halts a tenant's runs at once, everybody's if it is the default tenant, until it is lifted. It needs no disk for that: it is written
   * down as soon as it can be, and holds over restarts from then on. Gives whether it was. `alsoHalt` halts what else there is.
   */
  stop(tenant: string, reason: string, alsoHalt: () => Promise<void> = async () => undefined): Promise<boolean> {
    // First of all: nothing is begun from here on.
    const saved = this.#stops.give(tenant, reason, async (turn) => {
      // Begun in this turn of the event loop, too; told of again where it could not be written down.
      const halted = alsoHalt();
      const told = Promise.all([this.#open(tenant), turn]).then(([{ settings }]) => settings.set(stopSetting, reason));
      for (const end of await Promise.allSettled([halted, told])) if (end.status === "rejected") throw end.reason;
    });
    this.drives.halt(stopFault(reason), tenant === defaultTenant ? undefined : tenant);
    return saved;
  }

  /**
   * `alsoLift` takes back what `alsoHalt` did. Waits for no run: what is still on its way to a checkpoint goes on when it came there.
   * Throws what taking it back on the disk throws, and is in force then; `stopped` where another stop was given meanwhile, which is.
   */
  async lift(tenant: string, alsoLift: () => void = () => undefined): Promise<void> {
    await this.#stops.lift(tenant, async () => {
      const { settings } = await this.#open(tenant);
      if (this.#stops.own(tenant) !== undefined) await settings.remove(stopSetting);
    });
    // Looked at in the same turn: what a later stop halted besides is not taken back.
    const later = this.#stops.own(tenant);
    if (later !== undefined) throw new FaultError(stopFault(later));
    alsoLift();
    for (const one of tenant === defaultTenant ? await this.tenants() : [tenant]) {
      await (await this.desk(one)).takeUp();
    }
  }

  /** Takes no more work, brings what runs to a checkpoint, and closes everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    // What is paused by that goes on at the next start.
    this.drives.close(fault("stopped", "the daemon stopped", "it goes on when that starts again: assay serve"));
    await this.#stops.close();
    const opened = await Promise.all(this.#tenants.values());
    for (const { desk } of opened) desk[Symbol.dispose]();
    await this.drives.settled();
    for (const { desk, settings, services } of opened) {
      await desk.settled();
      await services.close?.();
      await settings[Symbol.asyncDispose]();
      await desk.project[Symbol.asyncDispose]();
    }
    await this.#requests[Symbol.asyncDispose]();
    await this.#lock[Symbol.asyncDispose]();
  }

  #open(tenant: string): Promise<Opened> {
    if (!tenantPattern.test(tenant)) raise("usage", `${tenant} is no tenant's name`, "use a-z, 0-9 and dashes");
    let opened = this.#tenants.get(tenant);
    if (opened === undefined) {
      opened = this.#openTenant(tenant);
      this.#tenants.set(tenant, opened);
      // What could not be opened is tried again by whoever asks next.
      opened.catch(() => this.#tenants.delete(tenant));
    }
    return opened;
  }

  async #openTenant(tenant: string): Promise<Opened> {
    let services: TenantServices = {};
    const project = await openLocalProject(this.root, {
      tenant,
      // Or what it claimed would be another process's to whoever asks here.
      owners: this.#options.owners,
      lockHeld: true,
      // Whoever follows the journals sends them.
      spansFollowed: true,
      attestation: () => services.attestation,
      engine: async (place) => {
        services = (await this.#options.services?.({ tenant, ...place })) ?? {};
        return services.engine ?? {};
      },
    });
    const { blobs, places } = project;
    const settings = await SqliteSettings.open(places.journal, tenant);
    const stop = await settings.get(stopSetting);
    if (stop !== undefined) this.#stops.know(tenant, stop);
    if (services.work !== undefined) {
      const { engine } = project;
      this.#works.set(tenant, {
        violation: async ({ offer: { run, task }, token }, { id }, { kind, expected, observed, subjects }) =>
          engine.noteViolation(run, {
            id: `${task}.${token}.${kind}`,
            kind,
            step: task,
            expected,
            observed: `worker ${id}: ${observed}`,
            subjects: [...subjects],
            evidence: [],
          }),
        ...services.work,
        blobs,
      });
    }
    const { drives } = this;
    const { owners } = this.#options;
    const stopped = () => this.stopped(tenant);
    const circuits = services.engine?.circuits;
    const desk = new TenantDesk({ project, drives, requests: this.#requests, settings, owners, stopped, circuits });
    return { desk, settings, services };
  }
}
