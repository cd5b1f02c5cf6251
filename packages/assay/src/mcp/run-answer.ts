import type { Fault, Result } from "@assay/sdk";
import type { RunId } from "#domain";
import { sanitizeLine } from "#report";
import { type RunContent, readableDiff, resultContent } from "./run-content.ts";
import type { Answer } from "./tool.ts";
import { faultText, shownFault } from "./tool-fault.ts";

export type Standing = {
  run: RunId;
  state: RunContent["state"];
  summary: string;
  now?: string;
  result?: Result;
  /** What ended it, where it has no result. */
  fault?: Fault;
  diff?: string;
};

export function runAnswer(standing: Standing): Answer {
  const { run, state, now, result, fault, diff } = standing;
  const next = nextOf(state, run);
  const content: RunContent = {
    runId: run,
    state,
    summary: sanitizeLine(standing.summary, 2_000),
    ...(now === undefined ? {} : { now }),
    ...(result === undefined ? {} : resultContent(result)),
    ...(fault === undefined ? {} : { error: shownFault(fault) }),
    ...(diff === undefined ? {} : { diff: readableDiff(diff) }),
    ...(next === undefined ? {} : { next }),
  };
  // A fault that left the run resumable is how it stands; one that made it fail is the tool's failure.
  return { content, text: textOf(content), failed: result?.outcome === "failed" };
}

/** How a run stands that was driven until now. */
export function drivenAnswer(run: RunId, result: Result, diff?: string): Answer {
  const { outcome, summary } = result;
  const state = outcome === "paused" || outcome === "cancelled" ? outcome : "finished";
  return runAnswer({ run, state, summary, result, ...(diff === undefined ? {} : { diff }) });
}

function nextOf(state: RunContent["state"], run: RunId): string | undefined {
  if (state === "running" || state === "queued")
    return `ask again with run_status, or wait with run_result (run ${run})`;
  if (state === "paused" || state === "interrupted") return `go on with resume_run (run ${run})`;
  return undefined;
}

function textOf(content: RunContent): string {
  const { state, outcome, summary, now, patch, receipt, report, error, next } = content;
  const lines = [`${outcome ?? state}: ${summary}`];
  if (error !== undefined) lines.push(faultText(error));
  lines.push(`run: ${content.runId}`);
  if (now !== undefined) lines.push(`now: ${now}`);
  if (patch !== undefined) lines.push(`patch: ${patch.path}${content.applied === true ? " (applied)" : ""}`);
  if (receipt !== undefined) lines.push(`receipt: ${receipt}`);
  if (report !== undefined) lines.push(`report: ${report}`);
  if (next !== undefined) lines.push(`next: ${next}`);
  if (content.diff !== undefined) lines.push("", content.diff);
  return lines.join("\n");
}
