import type { Fault, Goal, TraceContext } from "@assay/sdk";
import { z } from "zod";
import type { BudgetFlags, LocalProject } from "#app";
import { FaultError, type RunId, raise } from "#domain";
import { type Circuits, HaltedRuns } from "#engine";
import { canonicalJson, crashPoint, digestOf, type RequestLog, type Settings } from "#ports";
import { Drive, type DriveEnd, type DriveRequest } from "./drive.ts";
import type { Drives } from "./drives.ts";

export type TenantDeskParts = {
  project: LocalProject;
  drives: Drives;
  requests: RequestLog;
  settings: Settings;
  /** Why nothing is begun now, if so; an emergency stop. */
  stopped: () => string | undefined;
  /** Runs that one of them halts go on by themselves. */
  circuits?: Circuits | undefined;
};

export type CreateRequest = {
  goal: Goal;
  budget: BudgetFlags;
  idempotencyKey?: string;
  /** Of whoever asked. */
  trace?: TraceContext | undefined;
};

/** Name of the setting that holds the runs which were halted and go on by themselves. */
const haltedSetting = "halted-runs";

/** What a halted run is paused by. */
const haltedBy: ReadonlySet<string | undefined> = new Set(["interrupted", "stopped"]);

const haltedSchema = z.array(z.string());

/** One tenant's runs in a daemon: begun once for each request, driven in turn, taken up again after a restart. */
export class TenantDesk {
  readonly #parts: TenantDeskParts;
  readonly #byCircuit: HaltedRuns | undefined;

  constructor(parts: TenantDeskParts) {
    this.#parts = parts;
    const { circuits } = parts;
    this.#byCircuit = circuits === undefined ? undefined : new HaltedRuns(circuits, (run) => this.#goOn(run));
  }

  /** Nothing goes on by itself any more. */
  [Symbol.dispose](): void {
    this.#byCircuit?.[Symbol.dispose]();
  }

  get project(): LocalProject {
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

  /** Faults: `idempotency-conflict`, `rate-limited`, `stopped`, `usage` for another project's goal, and what journals throw. */
  async create({ goal, budget, idempotencyKey, trace }: CreateRequest): Promise<RunId> {
    const { project, drives } = this.#parts;
    this.#refuseIfStopped();
    const run = await this.#reserve(goal, budget, idempotencyKey);
    if (await this.#isBegun(run)) return run;
    drives.refuseIfFull();
    crashPoint("request-reserved");
    await project.create(goal, budget, run, trace);
    // The same request may have come twice at once. What is in the journal is driven, however many came in between.
    if (this.driveOf(run) === undefined) this.#drive(run, {}, true);
    return run;
  }

  async fork(run: RunId, { step, input }: { step: string; input?: unknown }): Promise<RunId> {
    this.#refuseIfStopped();
    this.#parts.drives.refuseIfFull();
    const forked = await this.project.engine.fork(run, { step, ...(input === undefined ? {} : { input }) });
    this.#drive(forked, {}, true);
    return forked;
  }

  /** Faults: `run-not-found`, `run-locked` for a run that goes on already, `rate-limited`, `stopped`. */
  async resume(run: RunId, request: DriveRequest): Promise<void> {
    this.#refuseIfStopped();
    await this.project.engine.read(run);
    this.#drive(run, request);
    this.#byCircuit?.remove(run);
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
    this.#parts.drives.interrupt(drive);
  }

  /** Halts all that goes on, and notes it: `takeUp` goes on with it. `cause` is what the runs are paused by, if not by an interruption. */
  async halt(cause?: Fault): Promise<void> {
    const mine = this.#parts.drives.all().filter(({ tenant }) => tenant === this.project.tenant);
    const halted = new Set([...(await this.#halted()), ...mine.map(({ run }) => run)]);
    // Before they are told: a process that dies in between must not leave them paused for good.
    await this.#parts.settings.set(haltedSetting, JSON.stringify([...halted]));
    this.#parts.drives.forgetWaiting(this.project.tenant);
    for (const drive of mine) if (drive.state === "running") drive.interrupt(cause);
  }

  /** Goes on with what was queued, what a process left that is dead, and what was halted. Gives how many these are. */
  async takeUp(): Promise<number> {
    if (this.#parts.stopped() !== undefined) return 0;
    const halted = new Set(await this.#halted());
    let taken = 0;
    // The oldest first.
    for (const listing of (await this.project.engine.list()).toReversed()) {
      // A part of another run goes on with that.
      if (listing.kind !== "readable" || listing.state.parent !== undefined) continue;
      const { status } = this.project.standing(listing);
      const isHalted = halted.has(listing.run) && haltedBy.has(listing.state.fault?.code);
      if (this.driveOf(listing.run) !== undefined) continue;
      if (status === "paused") this.#noteCircuit(listing.run, listing.state.fault);
      if (status !== "queued" && status !== "interrupted" && !isHalted) continue;
      this.#drive(listing.run, {}, true);
      taken += 1;
    }
    await this.#parts.settings.remove(haltedSetting);
    return taken;
  }

  async #halted(): Promise<string[]> {
    const text = await this.#parts.settings.get(haltedSetting);
    return text === undefined ? [] : haltedSchema.parse(JSON.parse(text));
  }

  #drive(run: RunId, request: DriveRequest, promised = false): void {
    // Here, where nothing is waited for any more: a stop may have come while the run was made, which then waits until it is lifted.
    this.#refuseIfStopped();
    const onEnd = (end: DriveEnd) => this.#noteCircuit(run, faultOf(end));
    this.#parts.drives.add(new Drive(this.project, run, request, onEnd), { promised });
  }

  #noteCircuit(run: RunId, cause: Fault | undefined): void {
    if (cause?.code === "breaker-open" && cause.circuit !== undefined) this.#byCircuit?.add(run, cause.circuit);
    else this.#byCircuit?.remove(run);
  }

  #goOn(run: RunId): void {
    try {
      this.#drive(run, {}, true);
    } catch (error) {
      // Somebody else drives it, or nothing is begun now: what stands then is taken up when that is lifted.
      if (!(error instanceof FaultError)) throw error;
    }
  }

  async #reserve(goal: Goal, budget: BudgetFlags, key: string | undefined): Promise<RunId> {
    const { project, requests } = this.#parts;
    const run = project.engine.newRun(goal.kind);
    if (key === undefined) return run;
    const digest = digestOf(canonicalJson({ goal, budget }));
    const reserved = await requests.reserve({ tenant: project.tenant, key, digest, run });
    if (reserved.digest !== digest) {
      raise("idempotency-conflict", "this Idempotency-Key was used for another request", "use a key once");
    }
    return reserved.run;
  }

  async #isBegun(run: RunId): Promise<boolean> {
    return (await this.project.journal.read(run)).length > 0;
  }

  #refuseIfStopped(): void {
    const reason = this.#parts.stopped();
    if (reason !== undefined) {
      raise("stopped", `an emergency stop is in force: ${reason}`, "lift it: POST /v1/emergency-stop/lift");
    }
  }
}

function faultOf(end: DriveEnd): Fault | undefined {
  return end.kind === "fault" ? end.fault : end.driven.result.fault;
}
