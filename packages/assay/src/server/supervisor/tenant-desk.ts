import type { Fault, Goal, TraceContext } from "@assay/sdk";
import type { BudgetFlags, LocalProject } from "#app";
import { FaultError, type RunId, raise } from "#domain";
import { type Circuits, HaltedRuns } from "#engine";
import { crashPoint, type Owners, type RequestLog, type Settings } from "#ports";
import { Drive, type DriveEnd, type DriveRequest, faultOf, isLocked } from "./drive.ts";
import { type Drives, refuseDriven } from "./drives.ts";
import { isFree } from "./is-free.ts";
import { isPassing, requestLeft, requestOf } from "./request-left.ts";
import { reserveRun } from "./reserve-run.ts";
import { ResumeIntents } from "./resume-intents.ts";
import { RunIndex } from "./run-index.ts";
import { stopFault } from "./stop-orders.ts";

/** What of a project a desk needs. */
export type DeskProject = Pick<LocalProject, "tenant" | "journal" | "engine" | "create" | "resume">;

export type TenantDeskParts<P extends DeskProject> = {
  project: P;
  drives: Drives;
  requests: RequestLog;
  settings: Settings;
  owners: Owners;
  /** Why nothing is begun now, if so; an emergency stop. */
  stopped: () => string | undefined;
  /** Runs that one of them halts go on by themselves. */
  circuits?: Circuits | undefined;
};

export type CreateRequest = {
  goal: Goal;
  budget: BudgetFlags;
  idempotencyKey?: string;
  /** The folder outside of which the run writes nothing where its goal says; absent: anywhere. */
  writesWithin?: string | undefined;
  /** Of whoever asked. */
  trace?: TraceContext | undefined;
};

/** One tenant's runs in a daemon: begun once for each request, driven in turn, taken up again after a restart. */
export class TenantDesk<P extends DeskProject = LocalProject> {
  /** The tenant's runs, as lists show them. */
  readonly index: RunIndex;
  readonly #parts: TenantDeskParts<P>;
  readonly #intents: ResumeIntents;
  readonly #byCircuit: HaltedRuns | undefined;
  /** With what would have gone on meanwhile, if so. */
  readonly #resuming = new Map<RunId, DriveRequest | undefined>();

  constructor(parts: TenantDeskParts<P>) {
    this.#parts = parts;
    this.index = new RunIndex(parts.project.journal);
    this.#intents = new ResumeIntents(parts.settings);
    const { circuits } = parts;
    this.#byCircuit = circuits === undefined ? undefined : new HaltedRuns(circuits);
  }

  /** Nothing goes on by itself any more. */
  [Symbol.dispose](): void {
    this.#byCircuit?.[Symbol.dispose]();
  }

  get project(): P {
    return this.#parts.project;
  }

  /** What is done for a run now, by this process. */
  driveOf(run: RunId): Drive | undefined {
    return this.#parts.drives.of(this.project.tenant, run);
  }

  /** How a run's last drive in this process ended. */
  endOf(run: RunId): DriveEnd | undefined {
    return this.#parts.drives.endOf(run);
  }

  /** Why what is queued does not begin now, if so. */
  get halted(): string | undefined {
    const reason = this.#parts.stopped();
    return reason === undefined ? undefined : stopFault(reason).message;
  }

  /** Whether a process lives that claimed a run. */
  isAlive(owner: string): boolean {
    return this.#parts.owners.liveness(owner) === "alive";
  }

  /**
   * Faults: `idempotency-conflict`, `rate-limited`, `stopped`, `usage` for another project's goal, and what journals throw. A run that is
   * in the journal is no fault, also if a stop or the daemon's end came meanwhile: it is queued, and goes on when it may.
   */
  async create({ goal, budget, idempotencyKey, writesWithin, trace }: CreateRequest): Promise<RunId> {
    const { project, drives } = this.#parts;
    this.#refuseIfStopped();
    const run = await reserveRun(project, this.#parts.requests, { goal, budget, idempotencyKey });
    if (await this.#isBegun(run)) return run;
    drives.refuseIfFull();
    crashPoint("request-reserved");
    await project.create(goal, budget, run, trace, writesWithin);
    // The same request may have come twice at once. What is in the journal is driven, however many came in between.
    if (this.driveOf(run) === undefined) this.#goOn(run, {});
    return run;
  }

  /** As `create` does, a run that is in the journal. */
  async fork(run: RunId, point: Parameters<P["engine"]["fork"]>[1]): Promise<RunId> {
    this.#refuseIfStopped();
    this.#parts.drives.refuseIfFull();
    const forked = await this.project.engine.fork(run, point);
    this.#goOn(forked, {});
    return forked;
  }

  /** What is acknowledged is done, also over a restart. Faults: `run-not-found`, `run-locked` for a run that goes on already, `rate-limited`, `stopped`, and what `Settings` throw. */
  async resume(run: RunId, request: DriveRequest): Promise<void> {
    this.#refuseIfStopped();
    const { state } = await this.project.engine.read(run);
    if (this.#resuming.has(run) || this.driveOf(run) !== undefined) refuseDriven(run);
    this.#parts.drives.refuseIfFull();
    this.#resuming.set(run, undefined);
    try {
      const before = (await this.#intents.all()).get(run);
      await this.#intents.keep({ run, after: state.lastSeq, request });
      try {
        this.#drive(run, request);
        this.#byCircuit?.remove(run);
      } catch (error) {
        await (before === undefined ? this.#intents.drop(run) : this.#intents.keep(before));
        throw error;
      }
    } finally {
      const missed = this.#resuming.get(run);
      this.#resuming.delete(run);
      // Its circuit closed, and this came to nothing.
      if (missed !== undefined && this.driveOf(run) === undefined) this.#goOn(run, missed);
    }
  }

  /** Ends a run for good, and whatever is done for it. */
  async cancel(run: RunId, by?: string): Promise<void> {
    await (by === undefined ? this.project.engine.cancel(run) : this.project.engine.cancel(run, by));
    this.#byCircuit?.remove(run);
    this.driveOf(run)?.interrupt();
    this.#parts.drives.forgetEnd(run);
  }

  /** Stops at the next checkpoint, resumable. Throws `usage` for a run that does not go on here. */
  async interrupt(run: RunId): Promise<void> {
    await this.project.engine.read(run);
    const drive = this.driveOf(run) ?? raise("usage", `run ${run} is not executed`, `see it with: assay show ${run}`);
    // Before it is told: a process that dies in between must not go on with it.
    await this.#intents.drop(run);
    this.#parts.drives.interrupt(drive);
  }

  /** Goes on with what was queued or acknowledged, what a process left that is dead, and what was halted. Gives how many these are. */
  async takeUp(): Promise<number> {
    await this.index.caughtUp();
    const intents = await this.#intents.all();
    let taken = 0;
    for (const row of this.index.oldestFirst()) {
      if (this.#parts.stopped() !== undefined) break;
      const { run } = row.summary;
      if (this.driveOf(run) !== undefined) continue;
      const intent = intents.get(run);
      const request = requestLeft(row, intent);
      if (request !== undefined) {
        if (this.#goOn(run, request)) taken += 1;
        continue;
      }
      const isHalted = row.status === "paused" && !row.isPart && this.#circuitOf(row.standing.fault) !== undefined;
      // Not before nothing is left to do now: where the circuit is closed, it is driven in this very turn.
      if (isHalted) this.#noteCircuit(run, row.standing.fault, requestOf(row, intent));
      // Where that cannot be written, it is left for the next time: other runs go on.
      else if (intent !== undefined) await this.#intents.drop(run).catch(() => undefined);
    }
    return taken;
  }

  /** When nothing is driven any more. */
  settled(): Promise<void> {
    return this.#intents.settled();
  }

  #drive(run: RunId, request: DriveRequest, promised = false): void {
    // Here, where nothing is waited for any more: a stop may have come while the run was made, which then waits until it is lifted.
    this.#refuseIfStopped();
    const drive = new Drive(this.project, run, request, {
      // Where that cannot be written, the claim itself tells it after a restart.
      claimed: () => void this.#intents.claimed(run).catch(() => undefined),
      ended: async (end) => {
        const isLeft = drive.isHalted || isLocked(end) || this.#circuitOf(faultOf(end)) !== undefined;
        if (!isLeft) await this.#intents.drop(run).catch(() => undefined);
      },
      over: (end) => this.#over(drive, faultOf(end)),
      mayPass: () => isFree(run, this.project.engine, this.#parts.owners),
    });
    this.#parts.drives.add(drive, { promised });
  }

  #over({ run, isHalted, left }: Drive, cause: Fault | undefined): void {
    // The stop was lifted before the run came to its checkpoint.
    if (isHalted && isPassing(cause) && this.#parts.stopped() === undefined) this.#goOn(run, left);
    else this.#noteCircuit(run, cause, left);
  }

  #noteCircuit(run: RunId, cause: Fault | undefined, request: DriveRequest): void {
    const circuit = this.#circuitOf(cause);
    if (circuit === undefined) this.#byCircuit?.remove(run);
    else this.#byCircuit?.add(run, circuit, () => this.#goOn(run, request));
  }

  /** The one that halted a run that goes on by itself. */
  #circuitOf(cause: Fault | undefined): string | undefined {
    return this.#byCircuit !== undefined && cause?.code === "breaker-open" ? cause.circuit : undefined;
  }

  /** Whether it does. */
  #goOn(run: RunId, request: DriveRequest): boolean {
    if (this.#resuming.has(run)) {
      this.#resuming.set(run, request);
      return false;
    }
    try {
      this.#drive(run, request, true);
      return true;
    } catch (error) {
      // Somebody else drives it, or nothing is begun now: what stands then is taken up when that is lifted.
      if (!(error instanceof FaultError)) throw error;
      return false;
    }
  }

  async #isBegun(run: RunId): Promise<boolean> {
    return (await this.project.journal.read(run)).length > 0;
  }

  #refuseIfStopped(): void {
    const reason = this.#parts.stopped();
    if (reason !== undefined) throw new FaultError(stopFault(reason));
  }
}
