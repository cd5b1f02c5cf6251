import type { RunEvent } from "@assay/sdk";
import { type ListedRun, type OpenProject, openProject } from "#app";
import { raise } from "#domain";
import { sanitizeLine } from "#report";
import { eventLines } from "../output/event-lines.ts";
import { writeListing, writeResult } from "../output/json.ts";
import { runOutput } from "../output/run-output.ts";
import { styler } from "../output/style.ts";
import { workLines } from "../output/work-lines.ts";
import { type AuditOptions, showAudit } from "./show-audit.ts";

export type ShowOptions = AuditOptions & { audit?: boolean; steps?: boolean };

export async function showCommand(run: string, options: ShowOptions): Promise<void> {
  if (options.audit) return showAudit(run, options);
  if (options.out !== undefined || options.texts !== undefined) {
    raise("usage", "--out and --texts belong to --audit", `assay show ${run} --audit`);
  }
  await using project = await openProject(options.dir, {});
  const id = await project.find(run);
  // First how it stands, then its events: a result that is told is among them.
  const standing = await project.listed(id);
  const events = await project.events(id);
  const report = await project.writeReport(id);
  const last = events.findLast((event) => event.type === "result");
  if (options.json) {
    using output = runOutput(true);
    for (const event of events) output.event(event);
    if (last !== undefined) writeResult({ ...last, exitCode: 0, report });
    // It has no result, and nothing is made up for it.
    else if (isUnderWay(standing)) writeListing(standing);
    else writeResult({ type: "result", outcome: "paused", exitCode: 0, summary: "The run has not finished.", report });
    return;
  }
  const style = styler(process.stdout);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  for (const event of events) {
    for (const line of eventLines(event, style)) print(line);
    for (const line of await broughtLines(project, event)) print(style("dim", `                ${sanitizeLine(line)}`));
    if (options.steps && event.type === "step-finished") {
      print(style("dim", `  · step        ${sanitizeLine(event.key)}${inputOf(event)}`));
    }
  }
  const end = last === undefined ? standingLine(standing) : `${last.outcome}: ${last.summary}`;
  print(`\n  ${sanitizeLine(end)}\n  ${style("dim", "report  ")} ${report}`);
}

function isUnderWay({ status }: ListedRun): boolean {
  return status === "running" || status === "queued";
}

/** What a run without a result waits for, and the command for it. */
export function standingLine(standing: ListedRun): string {
  const { run, status, summary } = standing;
  return isUnderWay(standing) ? `${status}: assay watch ${run}` : `${status}, ${summary}: assay resume ${run}`;
}

/** What a worker brought for a task. */
async function broughtLines(project: OpenProject, event: RunEvent): Promise<string[]> {
  if (event.type !== "task-finished" || event.worker === undefined || event.output === undefined) return [];
  const content = await project.kept(event.output).catch(() => undefined);
  return content === undefined ? [] : workLines(content);
}

/** Of a step that a fork may give another one. */
function inputOf({ input }: Extract<RunEvent, { type: "step-finished" }>): string {
  return input === undefined ? "" : ` ${sanitizeLine(JSON.stringify(input), 500)}`;
}
