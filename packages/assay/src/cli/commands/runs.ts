import { openProject } from "#app";
import { formatTime, sanitizeLine } from "#report";
import { writeListing, writeResult } from "../output/json.ts";
import { styler } from "../output/style.ts";

export async function runsCommand(directory: string, options: { json?: boolean }): Promise<void> {
  await using project = await openProject(directory, {});
  const runs = await project.list();
  const summary = runs.length === 0 ? "No runs yet." : `${runs.length} run${runs.length === 1 ? "" : "s"}.`;
  if (options.json) {
    for (const run of runs) writeListing(run);
    writeResult({ type: "result", outcome: "nothing-to-do", exitCode: 0, summary });
    return;
  }
  const style = styler(process.stdout);
  if (runs.length === 0) process.stdout.write(`${summary} Start one with: assay heal\n`);
  for (const { run, status, outcome, startedAt, summary: text } of runs) {
    const state = (outcome ?? status).padEnd(14);
    const colour = outcome === "accepted" ? "green" : status === "finished" ? "red" : "yellow";
    process.stdout.write(
      `${sanitizeLine(run)}  ${formatTime(startedAt)}  ${style(colour, state)} ${sanitizeLine(text)}\n`,
    );
  }
}
