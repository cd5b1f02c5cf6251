import type { Fault } from "@assay/sdk";
import { type BudgetFlags, type Driven, describeProgress, type LocalProject } from "#app";
import { FaultError, fault, type RunId } from "#domain";
import type { RunSlot } from "#engine";
import { sanitizeLine } from "#report";
import { pauseMs, really } from "../until-done.ts";

/** How one drive ended: with the run's result, or with what kept it from beginning. */
export type DriveEnd = { kind: "driven"; driven: Driven } | { kind: "fault"; fault: Fault };

/** What a drive tells, and asks, whoever began it. */
export type DriveHooks = {
  /** The run was claimed; must not throw. */
  claimed?: () => void;
  /** Before the end is told to anybody; must not reject. */
  ended?: (end: DriveEnd) => Promise<void>;
  /** Nobody drives the run any more; must not throw. */
  over?: (end: DriveEnd) => void;
  /** Whether a lock that kept the run from going on may pass: the run is not another process's. Must not reject. */
  mayPass?: () => Promise<boolean>;
  /** Between two tries; rejects when the signal is aborted. */
  wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
};

export type DriveRequest = BudgetFlags & { apply?: boolean; force?: boolean };

/** Of a run that meets a locked database: some ten minutes. */
const triesMax = 25;

/** What of a project a drive needs. */
export type DrivenProject = Pick<LocalProject, "tenant" | "resume">;

/** One run that waits for its turn, or is driven by this process. Never rejects: how it ended is a value. */
export class Drive {
  readonly run: RunId;
  readonly tenant: string;
  readonly #project: DrivenProject;
  readonly #hooks: DriveHooks;
  #request: DriveRequest;
  readonly #controller = new AbortController();
  #now: string | undefined;
  #ended: Promise<DriveEnd> | undefined;

  constructor(project: DrivenProject, run: RunId, request: DriveRequest, hooks: DriveHooks = {}) {
    this.#project = project;
    this.run = run;
    this.tenant = project.tenant;
    this.#request = request;
    this.#hooks = hooks;
  }

  /** It was stopped by this side, and is to go on later. */
  get isHalted(): boolean {
    const { aborted, reason } = this.#controller.signal;
    return aborted && reason instanceof FaultError;
  }

  get state(): "queued" | "running" {
    return this.#ended === undefined ? "queued" : "running";
  }

  /** What is going on, for a person; sanitised. */
  get now(): string | undefined {
    return this.#now;
  }

  /** With what it would be gone on with. */
  get left(): DriveRequest {
    return this.#request;
  }

  /** Stops at the next checkpoint, paused by the cause if there is one; the run can be resumed. */
  interrupt(cause?: Fault): void {
    this.#controller.abort(cause === undefined ? undefined : new FaultError(cause));
  }

  /** `slot`: its place among those that are executed at the same time, which it has. */
  begin(slot?: RunSlot): Promise<DriveEnd> {
    this.#ended ??= this.#execute(slot);
    return this.#ended;
  }

  /** Nobody drives the run any more. */
  over(end: DriveEnd): void {
    this.#hooks.over?.(end);
  }

  async #execute(slot: RunSlot | undefined): Promise<DriveEnd> {
    const { signal } = this.#controller;
    const { wait = really, mayPass = async () => true, ended } = this.#hooks;
    let end = await this.#once(slot);
    for (let tries = 1; tries < triesMax && isLocked(end) && !signal.aborted && (await mayPass()); tries++) {
      this.#now = "waits for the database, which another process keeps locked";
      // Aborted: what was not begun again ends as it did.
      await wait(pauseMs(tries), signal).catch(() => undefined);
      if (signal.aborted) break;
      end = await this.#once(slot);
    }
    await ended?.(end);
    return end;
  }

  async #once(slot: RunSlot | undefined): Promise<DriveEnd> {
    this.#now = undefined;
    try {
      const driven = await this.#project.resume(this.run, {
        ...this.#request,
        ...(slot === undefined ? {} : { slot }),
        signal: this.#controller.signal,
        onEvent: (event) => {
          if (event.type === "lease-claimed" && event.runId === this.run) this.#claimed();
        },
        onProgress: (progress) => {
          this.#now = sanitizeLine(describeProgress(progress).join(" · "));
        },
      });
      return { kind: "driven", driven };
    } catch (error) {
      if (error instanceof FaultError) return { kind: "fault", fault: error.fault };
      const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      return { kind: "fault", fault: fault("defect", `assay met a bug of its own: ${text.slice(0, 2000)}`) };
    }
  }

  /** What was asked for besides is in the claim: asked for again, it would be given twice. */
  #claimed(): void {
    const { apply } = this.#request;
    this.#request = apply === undefined ? {} : { apply };
    this.#hooks.claimed?.();
  }
}

/** By whom is another question: a locked database is told by the same code as a run that another process has. */
export function isLocked(end: DriveEnd): boolean {
  return faultOf(end)?.code === "run-locked";
}

/** What the run did not get past, if something. */
export function faultOf(end: DriveEnd): Fault | undefined {
  return end.kind === "fault" ? end.fault : end.driven.result.fault;
}
