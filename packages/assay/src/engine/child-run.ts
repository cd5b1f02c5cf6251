import { type Goal, type Result, resultSchema } from "@assay/sdk";
import {
  type Budget,
  childBudget,
  FaultError,
  limitsOf,
  type RunId,
  raise,
  raised,
  runId,
  type Spending,
  shareOf,
  spendingNames,
} from "#domain";
import { canonicalJson, crashPoint, digestOf } from "#ports";
import type { Activity } from "./admission/activity.ts";
import type { RunEnd } from "./execute.ts";
import type { Execution } from "./execution.ts";
import { parseBudget } from "./parse-budget.ts";
import { readRecorded, recordValue } from "./step-result.ts";
import type { Workflow } from "./workflow.ts";

/** A run that is a part of another one. `budget`: all that it may ever use. */
export type ChildRequest = {
  child: RunId;
  workflow: Workflow;
  goal: Goal;
  budget: Budget;
  parent: { run: RunId; key: string };
  /** As that of the run that it is a part of. */
  writesWithin: string | undefined;
};

/** How an execution begins other runs, goes on with them and ends them: the engine's side of `run.child`. */
export type ChildRuns = {
  newRun(workflow: string): RunId;
  /** Why the run is paused, if it is. */
  pausedBy(child: RunId): Promise<FaultError["fault"] | undefined>;
  execute(request: ChildRequest, abort: AbortSignal, activity: Activity): Promise<{ end: RunEnd; spent: Spending }>;
  cancel(child: RunId, by: string): Promise<unknown>;
};

export type Child = { key: string; workflow: Workflow; goal: Goal; asked: Partial<Budget> };

/**
 * Executes a run of its own for a part of this one, to its end, or gives back how it ended. What it may use is set aside before it
 * exists, and settled in one append with its result.
 */
export async function executeChild(execution: Execution, { key, workflow, goal, asked }: Child): Promise<Result> {
  const { history, budget, blobs, run } = execution;
  const scope = `child:${key}`;
  execution.check();
  execution.claim(scope);
  const inputDigest = digestOf(canonicalJson({ workflow: [workflow.name, workflow.version], goal }));
  const recorded = history.visit(scope);
  if (recorded !== undefined) {
    if (recorded.inputDigest !== inputDigest) {
      raise("workflow-changed", `run ${run}: its part ${key} was begun with another goal`, "start a new run");
    }
    budget.visit(history.settled.get(scope)?.spent ?? {});
    return resultSchema.parse(await readRecorded(recorded.result, blobs, scope));
  }

  const startedAt = performance.now();
  const begun = await beginChild(execution, { key, workflow, goal, asked });
  // Between the two a child is known that does not exist yet: whoever goes on with this run makes it, under the same name.
  crashPoint("child-started");
  const { end, spent } = await drive(execution, begun);
  crashPoint("child-finished");
  const result = await recordValue(end.result, blobs);
  const durationMs = Math.round((performance.now() - startedAt) * 1000) / 1000;
  await execution.appendAll(
    [
      { type: "budget-settled", scope, reserved: limitsOf(begun.budget), spent },
      { type: "step-finished", key: scope, inputDigest, result, durationMs },
    ],
    `step:${scope}`,
  );
  budget.release(scope);
  budget.visit(spent);
  return end.result;
}

/** The child as it was begun before, with more where it had used up what it had; or a new one. */
async function beginChild(execution: Execution, { key, workflow, goal, asked }: Child): Promise<ChildRequest> {
  const { history, budget, children, run, writesWithin } = execution;
  const request = { workflow, goal, parent: { run, key }, writesWithin };
  const earlier = history.children.get(key);
  const limits = earlier === undefined ? undefined : parseBudget(earlier.budget);
  if (earlier === undefined || limits === undefined) {
    const granted = childBudget(asked, budget.unreserved());
    reserve(execution, key, granted);
    const child = children.newRun(workflow.name);
    await execution.append({ type: "child-started", key, child, budget: { ...granted } }, `child:${key}`);
    return { ...request, child, budget: granted };
  }
  const child = runId(earlier.child);
  const paused = await children.pausedBy(child);
  if (paused?.code !== "budget-exhausted") return { ...request, child, budget: limits };
  const granted = raised(limits, shareOf(budget.unreserved(), budget.openChildren));
  budget.release(`child:${key}`);
  reserve(execution, key, granted);
  const body = { type: "child-started" as const, key, child, budget: { ...granted } };
  await execution.append(body, `child:${key}:${execution.lease}`);
  return { ...request, child, budget: granted };
}

function reserve({ budget, run, root }: Execution, key: string, granted: Budget): void {
  const admission = budget.reserve(`child:${key}`, limitsOf(granted));
  if (admission.kind === "admitted") return;
  raise(
    "budget-exhausted",
    `run ${run}: what is left of the ${spendingNames[admission.dimension]} that it may use does not suffice for its part ${key}`,
    `continue with a larger budget: assay resume ${root}`,
  );
}

async function drive(execution: Execution, request: ChildRequest): Promise<{ end: RunEnd; spent: Spending }> {
  const { children, abort, run } = execution;
  const { child, parent } = request;
  using activity = await execution.activity.part(abort);
  const driven = await execution.during(children.execute(request, abort, activity));
  if (execution.cancelled) await children.cancel(child, `run ${run}, of which it is a part`);
  execution.check();
  if (driven.end.recorded) return driven;
  const { fault } = driven.end.result;
  if (fault === undefined) throw new Error(`run ${child} stands still without a fault`);
  throw new FaultError({ ...fault, message: `its part ${parent.key}, run ${child}: ${fault.message}`.slice(0, 2000) });
}
