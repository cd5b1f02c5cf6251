import type { Goal, Result, RunEvent, Violation } from "@assay/sdk";
import { type Budget, defaultHealBudget, defaultRetry, type RunId, raise } from "#domain";
import { Activity } from "./admission/activity.ts";
import { readRun } from "./append-anywhere.ts";
import { beginRun, type RunBeginning } from "./begin-run.ts";
import { cancelRun } from "./cancel-run.ts";
import { childRuns } from "./child-runs.ts";
import { systemClock, systemEvery } from "./clock.ts";
import type { EngineOptions, EngineParts, ExecuteOptions, StartOptions } from "./engine-options.ts";
import { execute, type RunEnd } from "./execute.ts";
import { type ForkPoint, forkEvents } from "./fork-events.ts";
import { claimLease } from "./lease.ts";
import { listRuns, newestRun, type RunListing } from "./list-runs.ts";
import { newRunId } from "./new-run-id.ts";
import { parseBudget } from "./parse-budget.ts";
import { pinnedWorkflow } from "./pinned-workflow.ts";
import { lastBudget, project, type RunState } from "./project-run.ts";
import { recordedEnd, refuseIfPart } from "./recorded-end.ts";
import { Remarks } from "./remarks.ts";
import type { Workflow } from "./workflow.ts";

/** What an execution has besides what whoever asked for it says. `root`: the outermost run; `activity`: as a part of that one. */
type Within = { force?: boolean; root?: RunId; activity?: Activity };

/**
 * Executes workflows durably: after a crash at any point, `resume` goes on where the journal ends.
 * Once a run exists, `start` and `resume` do not throw for what happens in it: the result says so. They throw a `FaultError`
 * for what keeps it from beginning: `run-not-found`, `run-locked`, `workflow-changed`, `journal-corrupt`, `disk-full`,
 * `state-not-writable`.
 */
export class Engine {
  readonly #options: EngineParts;
  readonly #remarks: Remarks;
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
    this.#remarks = new Remarks(options.journal);
  }

  /**
   * Begins a run and leaves it `queued`: `resume` executes it. With `run`, an id that was chosen before, asking again makes no second
   * one; throws `idempotency-conflict` where that run was begun for something else.
   */
  async create(
    workflow: Pick<Workflow, "name" | "version">,
    goal: Goal,
    options: Partial<Pick<RunBeginning, "budget" | "writesWithin" | "trace">> & { run?: RunId } = {},
  ): Promise<RunId> {
    const { run = this.newRun(workflow.name), budget = defaultHealBudget, ...asked } = options;
    await beginRun({ ...this.#options, ...asked, run, workflow, goal, budget });
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
    options: ExecuteOptions & Within & { workflow?: Workflow },
  ): Promise<RunEnd> {
    const { journal, owners } = this.#options;
    const state = project(before);
    if (state.result !== undefined) return this.#finished(run, before, options);
    const workflow = pinnedWorkflow(this.#options.workflows, run, state, options.workflow);
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
  signal(run: RunId, name: string, value: unknown): Promise<"received" | "duplicate"> {
    return this.#remarks.signal(run, name, value);
  }

  /** Adds what became of a finished run afterwards, once for each key. */
  remark(run: RunId, key: string, message: string): Promise<void> {
    return this.#remarks.remark(run, key, message);
  }

  /** Adds what somebody who works for the run saw to be other than expected, once for each id. */
  noteViolation(run: RunId, violation: Violation): Promise<void> {
    return this.#remarks.noteViolation(run, violation);
  }

  /** Closes a breaker of the run by hand, e.g. after the machine was repaired. */
  resetBreaker(run: RunId, breaker: string): Promise<void> {
    return this.#remarks.resetBreaker(run, breaker);
  }

  /** Ends a run for good, and all that are a part of it: as `cancelRun`. */
  cancel(run: RunId, by = "the user"): Promise<Result> {
    return cancelRun(this.#options.journal, run, by);
  }

  /** The newest run that is no part of another one. */
  newest(): Promise<RunId | undefined> {
    return newestRun(this.#options.journal);
  }

  /** Newest first; a run that cannot be read is listed with its fault. */
  list(): Promise<RunListing[]> {
    return listRuns(this.#options.journal);
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
    options: ExecuteOptions & Within & { fresh: readonly RunEvent[] },
  ): Promise<RunEnd> {
    this.#active.add(run);
    const { root = run, force = false, onEvent, activity = new Activity(options.slot) } = options;
    const within = { root, force, ...(onEvent === undefined ? {} : { onEvent }) };
    const children = childRuns({
      ...this.#options,
      newRun: (name) => this.newRun(name),
      resume: (child, before, asked) => this.#resume(child, before, { ...asked, ...within }),
    });
    try {
      for (const event of options.fresh) onEvent?.(event);
      return await execute({
        ...this.#options,
        ...options,
        root,
        children,
        activity,
        run,
        workflow,
        goal,
        events,
        budget,
      });
    } finally {
      this.#active.delete(run);
    }
  }
}

function recordedBudget(events: readonly RunEvent[]): Budget | undefined {
  const last = lastBudget(events);
  return last === undefined ? undefined : parseBudget(last);
}
