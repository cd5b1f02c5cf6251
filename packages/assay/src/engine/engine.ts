import type { Goal, Result, RunEvent, TraceContext, Violation } from "@assay/sdk";
import {
  type Budget,
  defaultHealBudget,
  defaultRetry,
  FaultError,
  type RetryPolicy,
  type RunId,
  raise,
  runId,
} from "#domain";
import { type Blobs, canonicalJson, type Journal, type Owners } from "#ports";
import { appendAnywhere, readRun } from "./append-anywhere.ts";
import { beginRun } from "./begin-run.ts";
import type { ChildRuns } from "./child-run.ts";
import type { Circuits } from "./circuits/circuits.ts";
import { type Clock, type Every, systemClock, systemEvery } from "./clock.ts";
import { faultOf } from "./conclusion.ts";
import { execute, type RunEnd } from "./execute.ts";
import { type ForkPoint, forkEvents } from "./fork-events.ts";
import { claimLease } from "./lease.ts";
import { newRunId } from "./new-run-id.ts";
import { parseBudget } from "./parse-budget.ts";
import { lastBudget, project, type RunState } from "./project-run.ts";
import type { LendingQueue } from "./queue/task-pen.ts";
import { recordedEnd, refuseIfFinished, refuseIfPart } from "./recorded-end.ts";
import type { Workflow } from "./workflow.ts";

export type EngineOptions = {
  journal: Journal;
  blobs: Blobs;
  owners: Owners;
  assayVersion: string;
  /** What `resume` finds by name. */
  workflows?: readonly Workflow[];
  clock?: Clock;
  /** The clock's other half. */
  every?: Every;
  /** In [0, 1). */
  random?: () => number;
  retry?: RetryPolicy;
  /** How often a running run looks for a cancellation or a signal while a step takes long. Default 500. */
  pollMs?: number;
  /** What `run.delegate` offers tasks to; absent: no workers are served here. */
  queue?: LendingQueue;
  /** Circuit breakers that outlive runs: they are told how steps go, and refuse some. */
  circuits?: Circuits;
};

type Parts = Required<Omit<EngineOptions, "queue" | "circuits">> & Pick<EngineOptions, "queue" | "circuits">;

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

/** `trace`: of whoever asked for the run. */
export type StartOptions = ExecuteOptions & { trace?: TraceContext | undefined };

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
  readonly #options: Parts;
  readonly #active = new Set<RunId>();

  constructor(options: EngineOptions) {
    this.#options = {
      workflows: [],
      clock: systemClock,
      every: systemEvery,
      random: Math.random,
      retry: defaultRetry,
      pollMs: 500,
      ...options,
    };
  }

  /**
   * Begins a run and leaves it `queued`: `resume` executes it. With `run`, an id that was chosen before, asking again makes no second
   * one; throws `idempotency-conflict` where that run was begun for something else.
   */
  async create(
    workflow: Pick<Workflow, "name" | "version">,
    goal: Goal,
    options: { budget?: Budget; run?: RunId; trace?: TraceContext | undefined } = {},
  ): Promise<RunId> {
    const { run = this.newRun(workflow.name), budget = defaultHealBudget, trace } = options;
    await beginRun({ ...this.#options, run, workflow, goal, budget, trace });
    return run;
  }

  /** An id for a run of this workflow that nobody has. */
  newRun(workflow: string): RunId {
    return newRunId(workflow, this.#options.clock.now(), this.#options.random);
  }

  /**
   * A new run, `queued`, that has done what this one had done before `step` was finished, and does that step and all after it again.
   * Goal, limits and version of the workflow are those of this run; what the taken steps had spent counts. `as`: the new run's id,
   * chosen before, so that asking again makes no second one. Throws `run-not-found`; `usage` for an unknown step, or for an `input`
   * where the step takes none. Whether the input fits is known when the step is come to.
   */
  async fork(run: RunId, point: ForkPoint & { as?: RunId }): Promise<RunId> {
    const { events, ...beginning } = forkEvents(await readRun(this.#options.journal, run), point);
    const forked = point.as ?? this.newRun(beginning.workflow.name);
    await beginRun({ ...this.#options, ...beginning, run: forked, and: events });
    return forked;
  }

  /** Begins a run and executes it until it is finished, paused or taken over. */
  async start<G extends Goal>(workflow: Workflow<G>, goal: G, options: StartOptions = {}): Promise<RunEnd> {
    const run = this.newRun(workflow.name);
    const { trace } = options;
    const budget = options.budget ?? defaultHealBudget;
    const claim = { type: "lease-claimed" as const, owner: this.#options.owners.self };
    const events = await beginRun({ ...this.#options, run, workflow, goal, budget, trace, and: [claim] });
    return this.#execute(run, workflow, goal, events, budget, { ...options, fresh: events });
  }

  /**
   * Goes on with a run: finished steps are not repeated. A finished run gives its recorded result. `force` takes it from an
   * owner that may be alive, which then stops with `run-locked` at its next append.
   */
  async resume(run: RunId, options: ExecuteOptions & { workflow?: Workflow; force?: boolean } = {}): Promise<RunEnd> {
    const before = await readRun(this.#options.journal, run);
    const state = project(before);
    if (state.result === undefined) refuseIfPart(run, state);
    return this.#resume(run, before, options);
  }

  async #resume(
    run: RunId,
    before: readonly RunEvent[],
    options: ExecuteOptions & { workflow?: Workflow; force?: boolean; root?: RunId },
  ): Promise<RunEnd> {
    const { journal, owners } = this.#options;
    const state = project(before);
    if (state.result !== undefined) return this.#finished(run, before, options);
    const workflow = this.#workflowOf(run, state, options.workflow);
    const { goal } = state;
    if (goal === undefined) raise("journal-corrupt", `run ${run} does not begin with its goal`, "start a new run");
    const active = this.#active.has(run);
    // Before the claim: of two that resume it here at the same time, only one may get as far as that.
    if (!active) this.#active.add(run);
    try {
      const granted = options.budget === undefined ? {} : { budget: options.budget };
      const lease = await claimLease({ journal, owners, run, active, force: options.force ?? false, ...granted });
      // Its owner may have finished it between the two looks.
      if (lease.kind === "finished") return this.#finished(run, lease.events, options);
      options.onHistory?.(lease.events);
      const budget = options.budget ?? recordedBudget(lease.events) ?? defaultHealBudget;
      const events = [...lease.events, ...lease.claim];
      return await this.#execute(run, workflow, goal, events, budget, { ...options, fresh: lease.claim });
    } finally {
      if (!active) this.#active.delete(run);
    }
  }

  #finished(run: RunId, events: readonly RunEvent[], { onHistory }: ExecuteOptions): RunEnd {
    onHistory?.(events);
    return recordedEnd(run, events);
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

  /** Adds what somebody who works for the run saw to be other than expected, once for each id. */
  async noteViolation(run: RunId, violation: Violation): Promise<void> {
    await appendAnywhere(this.#options.journal, run, (state) => {
      refuseIfFinished(run, state);
      return {
        events: [{ type: "violation-found", ...violation }],
        idempotencyKey: `violation:${violation.id}`,
      };
    });
  }

  /**
   * Ends a run for good, and all that are a part of it; a process that executes it stops at its next checkpoint. Gives the run's
   * result, also if it was finished.
   */
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
    const { result, children } = project(await readRun(journal, run));
    for (const child of children) await this.#cancelChild(runId(child), `the cancellation of run ${run}`);
    return result ?? raise("journal-conflict", `run ${run} could not be cancelled`, "try again");
  }

  async #cancelChild(child: RunId, by: string): Promise<void> {
    try {
      await this.cancel(child, by);
    } catch (error) {
      // Told of and not made yet: whoever executes its parent ends it.
      if (!(error instanceof FaultError) || error.fault.code !== "run-not-found") throw error;
    }
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

  /** The newest run that is no part of another one, whether it can be read or not. */
  async newest(): Promise<RunId | undefined> {
    for (const { run } of await this.#options.journal.runs()) {
      const [first] = await this.#options.journal.read(run).catch(() => []);
      if (first?.type !== "run-started" || first.parent === undefined) return run;
    }
    return undefined;
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
    options: ExecuteOptions & { fresh: readonly RunEvent[]; force?: boolean; root?: RunId },
  ): Promise<RunEnd> {
    this.#active.add(run);
    const root = options.root ?? run;
    const children = this.#childrenOf(root, options.force ?? false);
    try {
      for (const event of options.fresh) options.onEvent?.(event);
      return await execute({ ...this.#options, ...options, root, children, run, workflow, goal, events, budget });
    } finally {
      this.#active.delete(run);
    }
  }

  #childrenOf(root: RunId, force: boolean): ChildRuns {
    const { journal } = this.#options;
    return {
      newRun: (workflow) => this.newRun(workflow),
      pausedBy: async (child) => project(await journal.read(child)).fault,
      execute: async ({ child, parent, workflow, goal, budget }, abort) => {
        const events = await beginRun({ ...this.#options, run: child, parent, workflow, goal, budget });
        // Its claim tells limits only where they are others than it began with.
        const granted = canonicalJson(budget) === canonicalJson(lastBudget(events) ?? null) ? {} : { budget };
        const options = { workflow, abort, force, root, ...granted };
        const end = await this.#resume(child, events, options);
        return { end, spent: project(await journal.read(child)).spent };
      },
      cancel: (child, by) => this.#cancelChild(child, by),
    };
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
