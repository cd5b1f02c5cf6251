import type { Goal, Result, RunEvent } from "@assay/sdk";
import { type Budget, defaultHealBudget, defaultRetry, FaultError, type RetryPolicy, type RunId, raise } from "#domain";
import type { Blobs, Journal, Owners } from "#ports";
import { appendAnywhere, readRun } from "./append-anywhere.ts";
import { type Clock, systemClock } from "./clock.ts";
import { faultOf } from "./conclusion.ts";
import { execute, type RunEnd } from "./execute.ts";
import { claimLease } from "./lease.ts";
import { newRunId } from "./new-run-id.ts";
import { parseBudget } from "./parse-budget.ts";
import { lastBudget, project, type RunState } from "./project-run.ts";
import type { Workflow } from "./workflow.ts";

export type EngineOptions = {
  journal: Journal;
  blobs: Blobs;
  owners: Owners;
  assayVersion: string;
  /** What `resume` finds by name. */
  workflows?: readonly Workflow[];
  clock?: Clock;
  /** In [0, 1). */
  random?: () => number;
  retry?: RetryPolicy;
  /** How often a running run looks for a cancellation or a signal while a step takes long. Default 500. */
  pollMs?: number;
};

export type ExecuteOptions = {
  /** Start: the default is `defaultHealBudget`. Resume: the default is what the run was started with. */
  budget?: Budget;
  /** Every event appended from now on, in order; never a replayed one. Must not throw. */
  onEvent?: (event: RunEvent) => void;
  /** What the journal held before; once, before the first `onEvent`. */
  onHistory?: (events: readonly RunEvent[]) => void;
  /** Ctrl-C: the run pauses at the next checkpoint, resumable. */
  abort?: AbortSignal;
};

export type RunListing = { run: RunId; startedAt: number; lastEventAt: number; events: number } & (
  | { kind: "readable"; state: RunState }
  | { kind: "unreadable"; fault: FaultError["fault"] }
);

/**
 * Executes workflows durably: after a crash at any point, `resume` goes on where the journal ends.
 * Once a run exists, `start` and `resume` do not throw for what happens in it: the result says so. They throw a `FaultError`
 * for what keeps it from beginning: `run-not-found`, `run-locked`, `workflow-changed`, `journal-corrupt`, `disk-full`,
 * `state-not-writable`.
 */
export class Engine {
  readonly #options: Required<EngineOptions>;
  readonly #active = new Set<RunId>();

  constructor(options: EngineOptions) {
    this.#options = {
      workflows: [],
      clock: systemClock,
      random: Math.random,
      retry: defaultRetry,
      pollMs: 500,
      ...options,
    };
  }

  /** Begins a run and executes it until it is finished, paused or taken over. */
  async start<G extends Goal>(workflow: Workflow<G>, goal: G, options: ExecuteOptions = {}): Promise<RunEnd> {
    const { journal, clock, random, owners, assayVersion } = this.#options;
    const run = newRunId(workflow.name, clock.now(), random);
    const budget = options.budget ?? defaultHealBudget;
    const appended = await journal.append({
      run,
      expectedSeq: 0,
      idempotencyKey: "start",
      events: [
        {
          type: "run-started",
          workflow: workflow.name,
          workflowVersion: workflow.version,
          assayVersion,
          goal,
          budget: { ...budget },
        },
        { type: "lease-claimed", owner: owners.self },
      ],
    });
    if (appended.kind !== "appended") raise("journal-conflict", `a run ${run} exists already`, "try again");
    return this.#execute(run, workflow, goal, appended.events, budget, { ...options, fresh: appended.events });
  }

  /**
   * Goes on with a run: finished steps are not repeated. A finished run gives its recorded result. `force` takes it from an
   * owner that may be alive, which then stops with `run-locked` at its next append.
   */
  async resume(run: RunId, options: ExecuteOptions & { workflow?: Workflow; force?: boolean } = {}): Promise<RunEnd> {
    const { journal, owners } = this.#options;
    const before = await readRun(this.#options.journal, run);
    const state = project(before);
    if (state.result !== undefined) return recordedEnd(run, before, options);
    const workflow = this.#workflowOf(run, state, options.workflow);
    const { goal } = state;
    if (goal === undefined) raise("journal-corrupt", `run ${run} does not begin with its goal`, "start a new run");
    const active = this.#active.has(run);
    const granted = options.budget === undefined ? {} : { budget: options.budget };
    const lease = await claimLease({ journal, owners, run, active, force: options.force ?? false, ...granted });
    // Its owner may have finished it between the two looks.
    if (lease.kind === "finished") return recordedEnd(run, lease.events, options);
    options.onHistory?.(lease.events);
    const budget = options.budget ?? recordedBudget(lease.events) ?? defaultHealBudget;
    const events = [...lease.events, ...lease.claim];
    return this.#execute(run, workflow, goal, events, budget, { ...options, fresh: lease.claim });
  }

  /** Sends a person's answer. The first one under a name counts; sending again changes nothing. */
  async signal(run: RunId, name: string, value: unknown): Promise<"received" | "duplicate"> {
    return appendAnywhere(this.#options.journal, run, (state) => {
      refuseIfFinished(run, state);
      return { events: [{ type: "signal-received", name, value }], idempotencyKey: `signal:${name}` };
    });
  }

  /** Adds what became of a finished run afterwards, once for each key. */
  async remark(run: RunId, key: string, message: string): Promise<void> {
    await appendAnywhere(this.#options.journal, run, () => ({
      events: [{ type: "note", level: "info", message }],
      idempotencyKey: `remark:${key}`,
    }));
  }

  /** Ends a run for good; a process that executes it stops at its next checkpoint. Gives the run's result, also if it was finished. */
  async cancel(run: RunId, by = "the user"): Promise<Result> {
    const { journal } = this.#options;
    try {
      await appendAnywhere(journal, run, (state) => {
        refuseIfFinished(run, state);
        const summary = `cancelled by ${by}`;
        return {
          idempotencyKey: "cancel",
          events: [
            { type: "run-cancelled", by },
            { type: "result", outcome: "cancelled", exitCode: 130, summary },
          ],
        };
      });
    } catch (error) {
      if (!(error instanceof FaultError) || error.fault.code !== "run-finished") throw error;
    }
    const { result } = project(await readRun(journal, run));
    return result ?? raise("journal-conflict", `run ${run} could not be cancelled`, "try again");
  }

  /** Closes a breaker by hand, e.g. after the machine was repaired. */
  async resetBreaker(run: RunId, breaker: string): Promise<void> {
    await appendAnywhere(this.#options.journal, run, (state) => {
      refuseIfFinished(run, state);
      return {
        events: [{ type: "breaker-changed", breaker, from: "open", to: "closed", reason: "reset by hand" }],
        idempotencyKey: `reset:${breaker}:${state.lastSeq}`,
      };
    });
  }

  /** The newest run, whether it can be read or not. */
  async newest(): Promise<RunId | undefined> {
    const [newest] = await this.#options.journal.runs();
    return newest?.run;
  }

  /** Newest first; a run that cannot be read is listed with its fault. */
  async list(): Promise<RunListing[]> {
    const listings: RunListing[] = [];
    for (const summary of await this.#options.journal.runs()) {
      try {
        listings.push({ ...summary, kind: "readable", state: project(await this.#options.journal.read(summary.run)) });
      } catch (error) {
        listings.push({ ...summary, kind: "unreadable", fault: faultOf(error) });
      }
    }
    return listings;
  }

  /** A run's events and what they say; throws `run-not-found`, `journal-corrupt`. */
  async read(run: RunId): Promise<{ events: RunEvent[]; state: RunState }> {
    const events = await readRun(this.#options.journal, run);
    return { events, state: project(events) };
  }

  async #execute(
    run: RunId,
    workflow: Workflow,
    goal: Goal,
    events: readonly RunEvent[],
    budget: Budget,
    options: ExecuteOptions & { fresh: readonly RunEvent[] },
  ): Promise<RunEnd> {
    this.#active.add(run);
    try {
      for (const event of options.fresh) options.onEvent?.(event);
      return await execute({ ...this.#options, ...options, run, workflow, goal, events, budget });
    } finally {
      this.#active.delete(run);
    }
  }

  #workflowOf(run: RunId, { workflow: wanted }: RunState, given: Workflow | undefined): Workflow {
    const found = given ?? this.#options.workflows.find(({ name }) => name === wanted?.name);
    if (found === undefined || found.name !== wanted?.name || found.version !== wanted.version) {
      raise(
        "workflow-changed",
        `run ${run} belongs to workflow ${wanted?.name} version ${wanted?.version}, which this assay does not have`,
        "resume it with the version of assay that began it, or start a new run",
      );
    }
    return found;
  }
}

function recordedBudget(events: readonly RunEvent[]): Budget | undefined {
  const last = lastBudget(events);
  return last === undefined ? undefined : parseBudget(last);
}

function recordedEnd(run: RunId, events: readonly RunEvent[], { onHistory }: ExecuteOptions): RunEnd {
  const { result } = project(events);
  // What was remarked later is no part of the execution.
  const last = events.findLast(({ type }) => type === "result");
  if (result === undefined || last === undefined) throw new Error(`run ${run} has no result`);
  onHistory?.(events);
  return { run, result, seq: last.seq, at: last.at, recorded: true };
}

function refuseIfFinished(run: RunId, { result }: RunState): void {
  if (result !== undefined) raise("run-finished", `run ${run} is finished`, `see its result with: assay show ${run}`);
}
