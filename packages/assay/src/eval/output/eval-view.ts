import type { ProblemEvaluated, Result, RunEvent } from "@assay/sdk";
import { type EvalSummary, summarise } from "../summarise.ts";
import type { EvalGoal } from "../tools.ts";

/** An evaluation as its outputs show it, finished or not. */
export type EvalView = {
  runId: string;
  startedAt: number;
  assayVersion: string;
  goal: EvalGoal;
  events: readonly ProblemEvaluated[];
  summary: EvalSummary;
  notes: readonly string[];
  /** Absent while the run can be resumed. */
  result?: Result;
};

/** Reads an evaluation from a run's events; `undefined` for runs of other goals. */
export function viewEvaluation(events: readonly RunEvent[]): EvalView | undefined {
  const [started] = events;
  if (started?.type !== "run-started" || started.goal.kind !== "eval") return undefined;
  // The envelope is the journal's.
  const evaluated = events
    .filter((event) => event.type === "problem-evaluated")
    .map(({ seq: _seq, at: _at, runId: _runId, ...event }) => event as ProblemEvaluated)
    .sort((a, b) => a.task.localeCompare(b.task, "en", { numeric: true }) || a.sample - b.sample);
  const result = events.findLast((event) => event.type === "result");
  return {
    runId: started.runId ?? "",
    startedAt: started.at,
    assayVersion: started.assayVersion,
    goal: started.goal,
    events: evaluated,
    summary: summarise(evaluated, started.goal.k),
    notes: events.filter((event) => event.type === "note").map(({ message }) => message),
    ...(result === undefined ? {} : { result }),
  };
}
