import { type Goal, goalSchema, type RunEvent, type RunEventBody, type TraceContext } from "@assay/sdk";
import { type Budget, illFormed, type RunId, raise } from "#domain";
import { canonicalJson, type Journal } from "#ports";

/** What a run is begun with. `parent`: the run that it is a part of, and its key there. */
export type RunBeginning = {
  workflow: { name: string; version: number };
  goal: Goal;
  budget: Budget;
  parent?: { run: RunId; key: string };
  /** The folder, absolute, outside of which nothing is written where a goal says; absent: anywhere. */
  writesWithin?: string | undefined;
  /** Of whoever asked for it. */
  trace?: TraceContext | undefined;
};

export type BeginRequest = RunBeginning & {
  journal: Journal;
  assayVersion: string;
  run: RunId;
  /** Appended with the beginning, all or none. */
  and?: readonly RunEventBody[];
};

/**
 * Appends a run's beginning, and its events so far. A run that was begun in the same way before is left as it is; throws
 * `idempotency-conflict` for one that was begun for something else, `usage` for a goal that has no canonical form.
 */
export async function beginRun(request: BeginRequest): Promise<RunEvent[]> {
  const { journal, run, and = [] } = request;
  const because = illFormed(request.goal);
  // What is in the journal is read by everybody, for good.
  if (because !== undefined) raise("usage", `the goal ${because}`);
  const started = beginningOf(request);
  const result = await journal.append({
    run,
    expectedSeq: 0,
    idempotencyKey: "start",
    events: [started, ...and],
  });
  if (result.kind === "appended") return result.events;
  const events = await journal.read(run);
  const [first] = events;
  if (first?.type !== "run-started" || identityOf(first) !== identityOf(started)) {
    raise("idempotency-conflict", `run ${run} was begun with another goal`, "begin another run");
  }
  return events;
}

function beginningOf({ workflow, goal, budget, assayVersion, parent, writesWithin, trace }: BeginRequest) {
  return {
    type: "run-started" as const,
    workflow: workflow.name,
    workflowVersion: workflow.version,
    assayVersion,
    goal,
    budget: { ...budget },
    ...(parent === undefined ? {} : { parent }),
    ...(writesWithin === undefined ? {} : { writesWithin }),
    ...(trace === undefined ? {} : { trace }),
  };
}

/** What makes two beginnings the same one: neither assay's version nor the budget, which may be another when it is asked again. */
function identityOf({ workflow, goal, parent }: Extract<RunEventBody, { type: "run-started" }>): string {
  return canonicalJson({ workflow, goal: goalSchema.parse(goal), parent: parent ?? null });
}
