import type { Fault } from "@assay/sdk";
import { type BudgetFlags, type Driven, describeProgress, type LocalProject } from "#app";
import { FaultError, fault, type RunId } from "#domain";
import type { RunSlot } from "#engine";
import { sanitizeLine } from "#report";

/** How one drive ended: with the run's result, or with what kept it from beginning. */
export type DriveEnd = { kind: "driven"; driven: Driven } | { kind: "fault"; fault: Fault };

export type DriveRequest = BudgetFlags & { apply?: boolean; force?: boolean };

/** What of a project a drive needs. */
export type DrivenProject = Pick<LocalProject, "tenant" | "resume">;

/** One run that waits for its turn, or is driven by this process. Never rejects: how it ended is a value. */
export class Drive {
  readonly run: RunId;
  readonly tenant: string;
  readonly #project: DrivenProject;
  readonly #request: DriveRequest;
  /** Told when it has ended and nobody drives the run any more; must not throw. */
  readonly onEnd: (end: DriveEnd) => void;
  readonly #controller = new AbortController();
  #now: string | undefined;
  #ended: Promise<DriveEnd> | undefined;

  constructor(
    project: DrivenProject,
    run: RunId,
    request: DriveRequest,
    onEnd: (end: DriveEnd) => void = () => undefined,
  ) {
    this.onEnd = onEnd;
    this.#project = project;
    this.run = run;
    this.tenant = project.tenant;
    this.#request = request;
  }

  get state(): "queued" | "running" {
    return this.#ended === undefined ? "queued" : "running";
  }

  /** What is going on, for a person; sanitised. */
  get now(): string | undefined {
    return this.#now;
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

  async #execute(slot: RunSlot | undefined): Promise<DriveEnd> {
    try {
      const driven = await this.#project.resume(this.run, {
        ...this.#request,
        ...(slot === undefined ? {} : { slot }),
        signal: this.#controller.signal,
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
}
