import type { RunEventBody } from "@assay/sdk";
import type { z } from "zod";
import { FaultError, faultPolicy, raise, retryDelayMs } from "#domain";
import { canonicalJson, crashPoint, digestOf } from "#ports";
import { StepGate } from "./circuits/step-gate.ts";
import { isRecordable } from "./conclusion.ts";
import type { Execution } from "./execution.ts";
import { type EditableInput, stepInput } from "./step-input.ts";
import { type RecordedResult, readRecorded, recordFault, recordValue } from "./step-result.ts";

export type Step<T, I> = {
  key: string;
  input: I | EditableInput<I>;
  fn: (signal: AbortSignal, input: I) => Promise<T> | T;
  schema: z.ZodType<T> | undefined;
  /** What a result says against this kind of work, if anything. */
  against?: (value: T) => string | undefined;
};

/** Executes a step or, where it is recorded, gives back what it gave the first time. */
export async function executeStep<T, I>(execution: Execution, step: Step<T, I>): Promise<T> {
  const { history, blobs } = execution;
  const { key } = step;
  execution.check();
  execution.claim(key);
  const { input, kept } = stepInput(key, step.input, history.edits);
  const inputDigest = digestOf(canonicalJson(input ?? null));
  const recorded = history.visit(key);
  if (recorded !== undefined && recorded.inputDigest !== inputDigest) {
    raise(
      "workflow-changed",
      `run ${execution.run}: step ${key} was recorded with another input than it has now`,
      "resume it with the version of assay that began it, or start a new run",
    );
  }
  if (recorded === undefined) {
    using _work = await execution.activity.work(execution.abort);
    const startedAt = performance.now();
    const result = await tryStep(execution, key, (signal) => step.fn(signal, input), step.against);
    crashPoint("step-executed");
    const durationMs = Math.round((performance.now() - startedAt) * 1000) / 1000;
    const given = kept === undefined ? {} : { input: kept };
    await execution.append({ type: "step-finished", key, inputDigest, ...given, result, durationMs }, `step:${key}`);
  }
  const value = await readRecorded(history.steps.get(key)?.result, blobs, key);
  return step.schema === undefined ? (value as T) : step.schema.parse(value);
}

/** Calls the step's function until it returns, fails for good, or has failed too often. */
async function tryStep<T>(
  execution: Execution,
  key: string,
  fn: (signal: AbortSignal) => Promise<T> | T,
  against: Step<T, never>["against"],
): Promise<RecordedResult> {
  const { breakers, clock, retry, random, abort } = execution;
  const kind = stepKind(key);
  for (let tries = 1; ; tries++) {
    execution.check();
    using gate = new StepGate(execution.circuits, kind, execution.root);
    gate.refuse();
    const entry = breakers.enter(kind);
    if (entry.kind === "refused") {
      raise(
        "breaker-open",
        `steps of kind ${kind} failed too often; the next try is allowed ${new Date(entry.retryAt).toISOString()}`,
        `continue later with: assay resume ${execution.root}`,
      );
    }
    gate.enter();
    await journalBreaker(execution, entry.change);
    try {
      const value = await fn(abort);
      // What is being aborted may answer with less than the truth, such as an empty search: that is never a fact.
      execution.check();
      const result = await recordValue(value, execution.blobs);
      const problem = against?.(value);
      if (problem === undefined) gate.passed();
      else gate.broughtNothing(problem);
      await journalBreaker(execution, breakers.succeeded(kind));
      return result;
    } catch (error) {
      execution.check();
      if (!(error instanceof FaultError)) throw error;
      if (isRecordable(error.fault)) return recordFault(error.fault);
      if (faultPolicy(error.fault.code).disposition !== "retry") throw error;
      gate.failed(error.fault);
      await journalBreaker(execution, breakers.failed(kind, error.fault.message));
      if (tries >= retry.triesMax) throw error;
    }
    await clock.sleep(retryDelayMs(retry, tries, random), abort);
  }
}

async function journalBreaker(
  execution: Execution,
  change: Extract<RunEventBody, { type: "breaker-changed" }> | undefined,
) {
  if (change === undefined) return;
  const nth = execution.occurrence(`breaker:${change.breaker}`);
  await execution.append(change, `breaker:${change.breaker}:${execution.lease}:${nth}`);
}

/** The part of a key that names what is done, without task, candidate and number: `task/c12.recheck-3` is a `recheck`. */
export function stepKind(key: string): string {
  const last = key.split(/[/.]/).at(-1) ?? key;
  return last.replace(/[-:#]?\d+$/, "") || key;
}
