import type { ClassifiedFailure, TestReport, TestResult } from "@assay/sdk";
import { isRed } from "#domain";
import { type Checklist, type ChecklistEntry, entriesMax, historyLengthMax, lastErrorLengthMax } from "./checklist.ts";

/**
 * The checklist after a run. Pure; applying the same run twice changes nothing more. A test that the run did not reach keeps what
 * was known of it.
 */
export function updateChecklist(
  checklist: Checklist,
  report: TestReport,
  classified: readonly ClassifiedFailure[],
  runId: string,
): Checklist {
  const failureByTest = new Map(classified.flatMap((failure) => failure.tests.map((id) => [id, failure] as const)));
  const tests = new Map(Object.entries(checklist.tests));
  for (const result of report.results) {
    if (result.outcome === "not-run") continue;
    const before = tests.get(result.id);
    if (before?.history.at(-1)?.run === runId) continue;
    // Taken out and put in again: the map's order is the order of last sight.
    tests.delete(result.id);
    tests.set(result.id, nextEntry(before, result, failureByTest.get(result.id), runId));
  }
  return { version: 1, tests: Object.fromEntries([...tests].slice(-entriesMax)) };
}

function nextEntry(
  before: ChecklistEntry | undefined,
  result: TestResult,
  classified: ClassifiedFailure | undefined,
  run: string,
): ChecklistEntry {
  const { outcome, failure } = result;
  const history = [...(before?.history ?? []), { run, outcome }].slice(-historyLengthMax);
  const wasRed = before !== undefined && isRed(before.status);
  const entry: ChecklistEntry = {
    status: outcome,
    retryCount: isRed(outcome) && wasRed ? before.retryCount + 1 : 0,
    history,
  };
  if (failure !== undefined) entry.lastError = firstLine(`${failure.type}: ${failure.message}`);
  else if (before?.lastError !== undefined) entry.lastError = before.lastError;
  if (classified !== undefined) {
    entry.category = classified.category;
    entry.suggestedMethod = classified.suggestedMethod;
  }
  return entry;
}

function firstLine(text: string): string {
  return (text.split("\n", 1)[0] ?? "").slice(0, lastErrorLengthMax).toWellFormed();
}
