import type { Goal, RunEvent, RunEventBody } from "@assay/sdk";
import { type Budget, defaultHealBudget, raise } from "#domain";
import { parseBudget } from "./parse-budget.ts";
import { lastBudget } from "./project-run.ts";

export type ForkPoint = {
  /** Key of a finished step: it and all that came after it is done again. */
  step: string;
  /** What the step is given instead of what the workflow makes for it. */
  input?: unknown;
  /** Outside of which the fork writes nothing where its goal says; the run's own bound stays. */
  writesWithin?: string | undefined;
};

/** How a fork begins: like the run it is made of, with what that run had done before the step. */
export type Fork = {
  workflow: { name: string; version: number };
  goal: Goal;
  budget: Budget;
  writesWithin?: string;
  events: RunEventBody[];
};

/** What belongs to one execution of a run, or to its end: the fork has its own. */
const left: readonly RunEvent["type"][] = [
  "run-started",
  "lease-claimed",
  "budget-reserved",
  "breaker-changed",
  "run-paused",
  "run-cancelled",
  "result",
];

/**
 * The events that a fork of a run begins with. Pure. Everything that the run had recorded before the step finished is taken over:
 * steps, emissions, settlements, signals, earlier forks' edits. What a person was asked to approve, and their answer, is the run's
 * own: the fork asks again. Children and tasks that were not finished by then are left: the fork
 * begins its own. Throws `usage` for an unknown step, or for an input where the step takes none.
 */
export function forkEvents(events: readonly RunEvent[], { step, input, ...bound }: ForkPoint): Fork {
  const [first] = events;
  if (first?.type !== "run-started") raise("journal-corrupt", "the run does not begin with its goal");
  const run = first.runId ?? "";
  const end = events.findIndex((event) => event.type === "step-finished" && event.key === step);
  const finished = events[end];
  if (finished?.type !== "step-finished") {
    raise("usage", `run ${run} has no finished step ${step}`, `see its steps with: assay show ${run} --steps`);
  }
  if (input !== undefined && finished.input === undefined) {
    raise("usage", `step ${step} of run ${run} takes no input`, "repeat the run from it without one");
  }
  const forked = { type: "run-forked" as const, from: run, step, ...(input === undefined ? {} : { input }) };
  const writesWithin = first.writesWithin ?? bound.writesWithin;
  return {
    workflow: { name: first.workflow, version: first.workflowVersion },
    goal: first.goal,
    budget: parseBudget(lastBudget(events)) ?? defaultHealBudget,
    ...(writesWithin === undefined ? {} : { writesWithin }),
    // Last: of several forks one after the other the latest says what a step is given.
    events: [...keptOf(events.slice(0, end)), forked],
  };
}

function keptOf(before: readonly RunEvent[]): RunEventBody[] {
  const steps = new Set(before.flatMap((event) => (event.type === "step-finished" ? [event.key] : [])));
  const approvals = new Set(before.flatMap((event) => (asksApproval(event) ? [event.signal] : [])));
  return before.filter((event) => isKept(event, steps, approvals)).map(bodyOf);
}

function asksApproval(event: RunEvent): event is Extract<RunEvent, { type: "person-asked" }> {
  return event.type === "person-asked" && event.question === "approval";
}

function isKept(event: RunEvent, steps: ReadonlySet<string>, approvals: ReadonlySet<string>): boolean {
  switch (event.type) {
    case "person-asked":
      return !asksApproval(event);
    case "signal-received":
      return !approvals.has(event.name);
    case "child-started":
      return steps.has(`child:${event.key}`);
    case "task-queued":
    case "task-claimed":
    case "task-released":
    case "task-finished":
      return steps.has(event.task);
    default:
      return !left.includes(event.type);
  }
}

function bodyOf({ seq: _seq, at: _at, runId: _runId, ...body }: RunEvent): RunEventBody {
  return body;
}
