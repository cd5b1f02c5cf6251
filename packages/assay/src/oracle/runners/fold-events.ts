import type { Failure, RunnerName, Termination, TestOutcome, TestReport, TestResult } from "@assay/sdk";
import type { Coverage, ObservedKinds } from "#ports";
import { cutOffResult } from "./cut-off.ts";
import { parseRunnerEvent, type RunnerEvent, testsMax } from "./event-stream.ts";

export type FoldOptions = {
  runner: RunnerName;
  /** Lines without it are foreign: they count as damage, never as results. */
  nonce: string;
  /** How the runner's process ended; says what became of the test that was running. */
  termination: Termination;
};

export type FoldedRun = { report: TestReport; coverage: Coverage | undefined; kinds: ObservedKinds };

/** Worst last. Of two results for one id the worse one stands. */
const severity: Record<TestOutcome, number> = {
  passed: 0,
  skipped: 1,
  "not-run": 2,
  "timed-out": 3,
  errored: 4,
  failed: 5,
};

const collectionErrorsMax = 1000;

/**
 * Folds the lines of descriptor 3 into a report. Pure; never throws; `complete` only for an undamaged stream: one `start`,
 * one `end` after everything else, every line an event of this run, every result for a collected id.
 * It never reports more passes than there were lines that said `passed`.
 */
export function foldRunnerEvents(lines: readonly string[], { runner, nonce, termination }: FoldOptions): FoldedRun {
  const fold = new Fold();
  for (const line of lines) fold.take(parseRunnerEvent(line, nonce));
  return fold.finish(runner, termination);
}

class Fold {
  private readonly fileById = new Map<string, string>();
  private readonly resultById = new Map<string, TestResult>();
  private readonly running = new Set<string>();
  private readonly coverage = new Map<string, Record<string, number[]>>();
  private readonly kinds = new Map<string, ObservedKinds[string]>();
  private readonly collectionErrors: Failure[] = [];
  private runnerVersion: string | undefined;
  private starts = 0;
  private ends = 0;
  private damaged = false;

  take(event: RunnerEvent | undefined): void {
    // What follows the closing event was not written by the runner's own order of things.
    if (event === undefined || this.ends > 0) this.damaged = true;
    switch (event?.e) {
      case undefined:
        return;
      case "start":
        this.starts += 1;
        this.runnerVersion ??= event.runnerVersion;
        return;
      case "collected":
        for (const id of event.ids) this.collect(id, event.file ?? fileOfId(id));
        return;
      case "collect-error":
        if (this.collectionErrors.length < collectionErrorsMax) this.collectionErrors.push(event.failure);
        return;
      case "running":
        this.running.add(event.id);
        return;
      case "result":
        this.keepWorst(event);
        return;
      case "coverage":
        this.coverage.set(event.id, event.files);
        return;
      case "kinds":
        this.kinds.set(event.file, { ...this.kinds.get(event.file), ...event.functions });
        return;
      case "end":
        this.ends += 1;
        return;
    }
  }

  finish(runner: RunnerName, termination: Termination): FoldedRun {
    const collected = [...this.fileById.keys()].sort();
    const foreign = [...this.resultById.keys()].some((id) => !this.fileById.has(id));
    const complete = !this.damaged && !foreign && this.starts === 1 && this.ends === 1;
    const results = collected.map((id) => this.resultById.get(id) ?? this.unanswered(id, complete, termination));
    const report: TestReport = {
      runner,
      ...(this.runnerVersion === undefined ? {} : { runnerVersion: this.runnerVersion }),
      collected,
      results,
      collectionErrors: this.collectionErrors,
      complete,
    };
    const known = [...this.coverage].filter(([id]) => this.fileById.has(id));
    return {
      report,
      coverage: known.length > 0 ? Object.fromEntries(known) : undefined,
      kinds: Object.fromEntries(this.kinds),
    };
  }

  private collect(id: string, file: string): void {
    if (this.fileById.size >= testsMax) this.damaged = true;
    else if (!this.fileById.has(id)) this.fileById.set(id, file);
  }

  private keepWorst({ id, file, outcome, failure, durationMs }: RunnerEvent & { e: "result" }): void {
    const result: TestResult = { id, file, outcome, durationMs, ...(failure === undefined ? {} : { failure }) };
    const before = this.resultById.get(id);
    if (before === undefined || severity[outcome] > severity[before.outcome]) this.resultById.set(id, result);
  }

  private unanswered(id: string, complete: boolean, termination: Termination): TestResult {
    const file = this.fileById.get(id) ?? fileOfId(id);
    if (complete || !this.running.has(id)) return { id, file, outcome: "not-run", durationMs: 0 };
    return cutOffResult(id, file, termination);
  }
}

/** pytest writes `file::name`, the JavaScript runners `file > name`. */
function fileOfId(id: string): string {
  const end = id.search(/::| > /);
  return end === -1 ? id : id.slice(0, end);
}
