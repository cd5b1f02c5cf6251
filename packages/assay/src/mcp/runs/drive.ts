import type { Fault } from "@assay/sdk";
import { type Driven, describeProgress, type OpenProject, openProject } from "#app";
import { FaultError, fault, type RunId, runId } from "#domain";
import { sanitizeLine } from "#report";

/** What drives a run: `start` or `resume` of the opened project, which stops at a checkpoint when the signal says so. */
export type Go = (project: OpenProject, signal: AbortSignal) => Promise<Driven>;

/** One run that this process drives. It goes on whether or not anybody waits for it. */
export class Drive {
  readonly root: string;
  /** Settles when the run has an id, or when it ended without one; rejects with what kept it from beginning. */
  readonly begun: Promise<void>;
  readonly ended: Promise<Driven>;
  readonly #controller = new AbortController();
  readonly #watchers = new Set<(now: string) => void>();
  readonly #settleBegun: () => void;
  #run: RunId | undefined;
  #now: string | undefined;
  #fault: Fault | undefined;

  constructor(root: string, go: Go) {
    this.root = root;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#settleBegun = resolve;
    this.ended = this.#execute(go);
    this.begun = Promise.race([promise, this.ended.then(() => undefined)]);
    // Whoever waits is told; where nobody does, `fault` keeps it.
    this.begun.catch(() => undefined);
    this.ended.then(
      ({ result }) => {
        this.#fault = result.fault;
      },
      (error: unknown) => {
        this.#fault = error instanceof FaultError ? error.fault : fault("defect", (error as Error).message);
      },
    );
  }

  /** Known once the run has begun. */
  get run(): RunId | undefined {
    return this.#run;
  }

  /** What is going on, for a person; sanitised. */
  get now(): string | undefined {
    return this.#now;
  }

  /** What ended it before its time. */
  get fault(): Fault | undefined {
    return this.#fault;
  }

  /** Stops at the next checkpoint; the run can be resumed. */
  interrupt(): void {
    this.#controller.abort();
  }

  watch(watcher: (now: string) => void): Disposable {
    this.#watchers.add(watcher);
    return { [Symbol.dispose]: () => void this.#watchers.delete(watcher) };
  }

  async #execute(go: Go): Promise<Driven> {
    await using project = await openProject(this.root, {
      onEvent: (event) => {
        if (event.runId === undefined) return;
        // The first is the run's own; its parts are told of too.
        this.#run ??= runId(event.runId);
        this.#settleBegun();
      },
      onProgress: (progress) => {
        this.#now = sanitizeLine(describeProgress(progress).join(" · "));
        for (const watcher of this.#watchers) watcher(this.#now);
      },
    });
    return await go(project, this.#controller.signal);
  }
}
