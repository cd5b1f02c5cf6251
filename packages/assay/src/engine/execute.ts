import { type Goal, type Result, type RunEvent, resultSchema } from "@assay/sdk";
import { type Budget, FaultError, fault, faultPolicy, type RetryPolicy, type RunId } from "#domain";
import { type Blobs, crashPoint, type Journal, type Owners } from "#ports";
import type { Activity } from "./admission/activity.ts";
import type { ChildRuns } from "./child-run.ts";
import type { Circuits } from "./circuits/circuits.ts";
import { isOwnFault } from "./circuits/own-faults.ts";
import type { Clock, Every } from "./clock.ts";
import { faultOf, faultResult, interruptionOf, isRecordable } from "./conclusion.ts";
import { DurableRun } from "./durable-run.ts";
import { Execution } from "./execution.ts";
import type { LendingQueue } from "./queue/task-pen.ts";
import { RunWriter } from "./run-writer.ts";
import type { Workflow } from "./workflow.ts";

/** How one execution of a run ended. `recorded`: the result is in the journal, final; else the run can be resumed. */
export type RunEnd = {
  run: RunId;
  result: Result;
  /** Of the run's last event, and when it was appended. */
  seq: number;
  at: number;
  recorded: boolean;
};

export type ExecuteRequest = {
  journal: Journal;
  blobs: Blobs;
  owners: Owners;
  clock: Clock;
  every: Every;
  random: () => number;
  retry: RetryPolicy;
  children: ChildRuns;
  activity: Activity;
  /** The run that a person goes on with. */
  root: RunId;
  pollMs: number;
  run: RunId;
  workflow: Workflow;
  goal: Goal;
  /** Up to and with this execution's claim. */
  events: readonly RunEvent[];
  budget: Budget;
  onEvent?: (event: RunEvent) => void;
  abort?: AbortSignal;
  queue?: LendingQueue | undefined;
  circuits?: Circuits | undefined;
};

/** Runs a workflow over what its journal holds, to its end or to where it cannot go on. */
export async function execute(request: ExecuteRequest): Promise<RunEnd> {
  const { journal, owners, run, events, workflow, goal, abort, ...rest } = request;
  const execution = new Execution({ ...rest, run, events, ...(abort === undefined ? {} : { interrupt: abort }) });
  let last = events.at(-1);
  let recorded: Result | undefined;
  const writer = new RunWriter({
    journal,
    owners,
    run,
    lastSeq: last?.seq ?? 0,
    onEvent: (event) => {
      last = event;
      if (event.type === "result") recorded = resultSchema.parse(event);
      execution.take(event);
      request.onEvent?.(event);
    },
  });
  execution.attach(writer);
  const end = (result: Result): RunEnd => ({
    run,
    result: recorded ?? result,
    seq: last?.seq ?? 0,
    at: last?.at ?? 0,
    recorded: recorded !== undefined,
  });

  const lent = request.queue?.lend(run, execution.taskPen());
  let polling = false;
  const poll = request.every(request.pollMs, () => {
    // A journal that answers slowly is not asked twice.
    if (polling) return;
    polling = true;
    void writer
      .poll()
      .catch(() => undefined)
      .finally(() => {
        polling = false;
      });
  });
  try {
    const result = resultSchema.parse(await workflow.run(new DurableRun(execution), goal));
    await writer.append([result], "result");
    crashPoint("result-recorded");
    return end(result);
  } catch (error) {
    const cause = causeOf(error, writer, abort, request);
    // What a step fails at and tries again is told by the step.
    if (isOwnFault(cause) && faultPolicy(cause.code).disposition !== "retry") {
      request.circuits?.tried({ run: request.root, infrastructure: cause.message });
    }
    const final = isRecordable(cause);
    const result = faultResult(cause, final || cause.code === "defect" ? undefined : "paused");
    if (writer.closed === undefined) {
      // The event itself may fail to be written, by a full disk for one: the run then stands as after a crash.
      const event = final ? result : { type: "run-paused" as const, fault: cause };
      await writer.append([event], final ? "result" : `pause:${execution.lease}`).catch(() => undefined);
    }
    return end(result);
  } finally {
    poll[Symbol.dispose]();
    // Steps that the workflow left running must not write behind its result.
    writer.close(new FaultError(fault("run-finished", `this execution of run ${run} has ended`)));
    await execution.wind(recorded !== undefined);
    lent?.[Symbol.dispose]();
  }
}

function causeOf(error: unknown, writer: RunWriter, abort: AbortSignal | undefined, { run, root }: ExecuteRequest) {
  if (writer.closed !== undefined) return writer.closed.fault;
  const cause = faultOf(error);
  if (!abort?.aborted || faultPolicy(cause.code).disposition !== "terminal") return cause;
  // Whatever breaks while everything is being aborted is most likely broken by that; a resume shows it if not.
  return interruptionOf(abort, run, root);
}
