import { type Result, runOutcomeSchema, verdictLevelSchema, verdictSchema } from "@assay/sdk";
import { z } from "zod";
import { revealLine, sanitizeLine, sanitizeText } from "#report";
import { shownFault, shownFaultSchema } from "./tool-fault.ts";

const namesMax = 100;
const reasonsMax = 20;
const pathLengthMax = 4_096;
const diffLengthMax = 32_000;

/** How a run stands, as callers see it: untrusted text is sanitised, and everything is bounded. */
export const runContentSchema = z.object({
  runId: z.string(),
  state: z.enum(["queued", "running", "interrupted", "paused", "finished", "cancelled", "unreadable"]).meta({
    description: "`queued` runs wait for their turn; `interrupted` and `paused` runs can be resumed.",
  }),
  outcome: runOutcomeSchema.optional().meta({ description: "Only `accepted` is a proven change." }),
  exitCode: z.int().min(0).max(255).optional(),
  summary: z.string(),
  now: z.string().optional().meta({ description: "What is going on." }),
  verdict: z
    .object({
      kind: verdictSchema.shape.kind,
      level: verdictLevelSchema,
      reasons: z.array(z.object({ code: z.string(), detail: z.string(), subjects: z.array(z.string()) })),
    })
    .optional(),
  patch: z.object({ path: z.string(), digest: z.string() }).optional(),
  receipt: z.string().optional(),
  report: z.string().optional(),
  applied: z.boolean().optional(),
  healedTests: z.array(z.string()).optional(),
  stillFailingTests: z.array(z.string()).optional(),
  ambiguity: z
    .object({ call: z.string(), results: z.array(z.object({ summary: z.string(), result: z.string() })) })
    .optional()
    .meta({ description: "Proven changes that do different things: a person has to say which is meant." }),
  diff: z.string().optional().meta({ description: "To be read; the patch file is what can be applied." }),
  error: shownFaultSchema.optional(),
  next: z.string().optional().meta({ description: "What to do now." }),
});
export type RunContent = z.infer<typeof runContentSchema>;

/** What is told of a result. */
export function resultContent(result: Result): Partial<RunContent> {
  const { verdict, patch, receipt, report, applied, ambiguity, fault } = result;
  return {
    outcome: result.outcome,
    exitCode: result.exitCode,
    ...(verdict === undefined
      ? {}
      : {
          verdict: {
            kind: verdict.kind,
            level: verdict.level,
            reasons: verdict.reasons.slice(0, reasonsMax).map(({ code, detail, subjects }) => ({
              code,
              detail: sanitizeLine(detail, 1_000),
              subjects: names(subjects),
            })),
          },
        }),
    ...(patch === undefined ? {} : { patch: { path: path(patch.path), digest: patch.digest } }),
    ...(receipt === undefined ? {} : { receipt: path(receipt) }),
    ...(report === undefined ? {} : { report: path(report) }),
    ...(applied === undefined ? {} : { applied }),
    ...(result.healedTests === undefined ? {} : { healedTests: names(result.healedTests) }),
    ...(result.stillFailingTests === undefined ? {} : { stillFailingTests: names(result.stillFailingTests) }),
    ...(ambiguity === undefined
      ? {}
      : {
          ambiguity: {
            call: sanitizeLine(ambiguity.call),
            results: ambiguity.results.slice(0, reasonsMax).map((one) => ({
              summary: sanitizeLine(one.summary),
              result: sanitizeLine(one.result),
            })),
          },
        }),
    ...(fault === undefined ? {} : { error: shownFault(fault) }),
  };
}

/** Every character of it can be seen. */
export function readableDiff(diff: string): string {
  const cut = diff.length > diffLengthMax ? `${diff.slice(0, diffLengthMax)}\n… (${diff.length} characters)` : diff;
  return cut
    .split("\n")
    .map((line) => revealLine(line))
    .join("\n");
}

function names(all: readonly string[]): string[] {
  const shown = all.slice(0, namesMax).map((name) => sanitizeLine(name, 300));
  return all.length > namesMax ? [...shown, `… and ${all.length - namesMax} more`] : shown;
}

/** Spaces of a path are part of it. */
function path(text: string): string {
  return sanitizeText(text, pathLengthMax);
}
