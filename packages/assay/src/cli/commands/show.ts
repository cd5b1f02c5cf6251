import { openProject } from "#app";
import { raise } from "#domain";
import { sanitizeLine } from "#report";
import { eventLines } from "../output/event-lines.ts";
import { writeResult } from "../output/json.ts";
import { runOutput } from "../output/run-output.ts";
import { styler } from "../output/style.ts";
import { type AuditOptions, showAudit } from "./show-audit.ts";

export type ShowOptions = AuditOptions & { audit?: boolean };

export async function showCommand(run: string, options: ShowOptions): Promise<void> {
  if (options.audit) return showAudit(run, options);
  if (options.out !== undefined || options.texts !== undefined) {
    raise("usage", "--out and --texts belong to --audit", `assay show ${run} --audit`);
  }
  await using project = await openProject(options.dir, {});
  const id = await project.find(run);
  const events = await project.events(id);
  const report = await project.writeReport(id);
  const last = events.findLast((event) => event.type === "result");
  if (options.json) {
    using output = runOutput(true);
    for (const event of events) output.event(event);
    const summary = last?.summary ?? "The run has not finished.";
    writeResult({ ...(last ?? { type: "result", outcome: "paused" }), exitCode: 0, summary, report });
    return;
  }
  const style = styler(process.stdout);
  for (const event of events) for (const line of eventLines(event, style)) process.stdout.write(`${line}\n`);
  const end = last === undefined ? `not finished: assay resume ${id}` : `${last.outcome}: ${last.summary}`;
  process.stdout.write(`\n  ${sanitizeLine(end)}\n  ${style("dim", "report  ")} ${report}\n`);
}
