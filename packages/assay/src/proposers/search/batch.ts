import type { EditOutcome, ScreenOutcome } from "#ports";
import type { ScreenPool } from "../screens/screen-pool.ts";
import type { TestOrder } from "../screens/test-order.ts";
import { Chunks } from "./chunk.ts";
import { hungMax } from "./cursor.ts";
import { isMade, type Opened, type Trial, type TrialSource } from "./trials.ts";
import { unlessAborted } from "./unless-aborted.ts";

/** After the first plausible candidate, this share of what it took is spent on looking for alternatives. */
const furtherShare = 0.25;
const furtherMin = 60;
/** And no longer than that, or that share of the batch's time, where candidates are slow. */
const furtherMsMin = 2_000;
const plausibleMax = 10;

/** Most repairs come early: a second warm process is started only when the first has not found one by then. */
const triedBeforeHelp = 25;

export type BatchLimits = {
  /** `performance.now()` at which to stop. */
  deadline: number;
  candidatesMax: number;
  parallel: number;
  /** Whether these are edits that hung before. */
  again: boolean;
  /** Whether each gets a process of its own. */
  alone: boolean;
  signal?: AbortSignal;
};

export type BatchResult = {
  plausible: Trial[];
  tried: number;
  /** Not tried, for they show nothing that those which were did not. */
  alike: number;
  /** How many of those tried by operator. */
  methods: Record<string, number>;
  hung: number[];
  /** Whether any was refused by a process that it shared with others. */
  shared: boolean;
  /** Rank to go on from; absent when the trials ran out. */
  next?: number;
  /** What was nearly right and is not through. */
  opened: Opened[];
};

/** `undefined`: it was aborted. */
type Attempted = Exclude<ScreenOutcome | EditOutcome, { kind: "unsuited" }> | undefined;

type Progress = (state: { tried: number; plausible: number; current: Trial }) => void;

/** Tries candidates in order on several screens at once until one of the limits, and a little past the first that passes. */
export async function runBatch(
  trials: TrialSource,
  pool: ScreenPool,
  order: TestOrder,
  limits: BatchLimits,
  triedBefore: number,
  onTrial: Progress,
): Promise<BatchResult> {
  const result: BatchResult = { plausible: [], tried: 0, alike: 0, methods: {}, hung: [], shared: false, opened: [] };
  const inFlight = new Set<number>();
  const targets = new Set(order.targets);
  let stopAt = limits.candidatesMax;
  let deadline = limits.deadline;
  const started = performance.now();
  let exhausted = false;

  const settled = (): number => result.tried + result.alike;
  const finished = (): boolean =>
    exhausted ||
    settled() + inFlight.size >= stopAt ||
    result.plausible.length >= plausibleMax ||
    performance.now() >= deadline ||
    limits.signal?.aborted === true;

  const settle = (trial: Trial, outcome: NonNullable<Attempted>): void => {
    if ("alike" in outcome && outcome.alike === true) {
      result.alike += 1;
      return;
    }
    result.tried += 1;
    result.methods[trial.edit.operator] = (result.methods[trial.edit.operator] ?? 0) + 1;
    if (outcome.kind === "timed-out" && !isMade(trial) && result.hung.length < hungMax) result.hung.push(trial.rank);
    if (outcome.kind === "failed" && outcome.test !== undefined && !targets.has(outcome.test))
      trials.nearlyRight(trial);
    if (outcome.kind === "failed" || outcome.kind === "timed-out") order.refusedBy(outcome.test);
    if (outcome.kind !== "passed") return;
    result.plausible.push(trial);
    const further = Math.max(furtherMin, Math.ceil((triedBefore + settled()) * furtherShare));
    stopAt = Math.min(stopAt, settled() + further);
    const now = performance.now();
    deadline = Math.min(deadline, now + Math.max(furtherMsMin, (now - started) * furtherShare));
  };

  /** What is aborted stays in flight: the next batch begins with it. */
  const attempt = async (slot: number, trial: Trial, together: EditOutcome | undefined): Promise<Attempted> => {
    // What passes in a process that it shared with others has shown little.
    if (together !== undefined && together.kind !== "passed" && together.kind !== "unsuited") {
      result.shared = true;
      return together;
    }
    const { file, line, statementLine } = trial.edit;
    const tests = order.for(file, line, statementLine);
    const request = { id: trial.rank, files: { [file]: trial.result }, tests };
    return await unlessAborted(pool.try(slot, request), limits.signal);
  };

  const work = async (slot: number, afterTrial?: () => void): Promise<void> => {
    const chunks = new Chunks(limits.alone);
    while (!finished()) {
      const chunk = chunks.take(trials, stopAt - settled() - inFlight.size);
      if (chunk.length === 0) {
        // What others have in flight may open more.
        exhausted = inFlight.size === 0;
        return;
      }
      for (const { rank } of chunk) inFlight.add(rank);
      const together = await unlessAborted(chunks.try(pool, slot, chunk, order, limits.again), limits.signal);
      if (together === undefined) return;
      for (const trial of chunk) {
        const known = together.get(trial.rank);
        if (known === undefined && chunks.isPutBack(trial)) continue;
        if (known?.kind === "unsuited" && finished()) return;
        onTrial({ tried: result.tried, plausible: result.plausible.length, current: trial });
        const outcome = await attempt(slot, trial, known);
        if (outcome === undefined) return;
        inFlight.delete(trial.rank);
        settle(trial, outcome);
        afterTrial?.();
      }
    }
  };

  const helpers: Promise<void>[] = [];
  const first = work(0, () => {
    if (result.tried >= triedBeforeHelp && helpers.length === 0) {
      for (let slot = 1; slot < limits.parallel; slot += 1) {
        const helper = work(slot);
        // Looked at when all have ended; until then it must not count as unhandled.
        helper.catch(() => {});
        helpers.push(helper);
      }
    }
  });
  // A helper's failure must neither go unseen nor leave others running behind the caller's back.
  const [lead] = await Promise.allSettled([first]);
  const rest = await Promise.allSettled(helpers);
  for (const ended of [lead, ...rest]) if (ended.status === "rejected") throw ended.reason;
  if (!exhausted || inFlight.size > 0) result.next = Math.min(trials.position, ...inFlight);
  result.opened = trials.opened(inFlight);
  return result;
}
