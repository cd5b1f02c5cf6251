import { openProject } from "#app";
import { raise } from "#domain";
import { writeResult } from "../output/json.ts";

export async function cancelCommand(run: string, options: { dir: string; json?: boolean }): Promise<void> {
  await using project = await openProject(options.dir, {});
  const id = await project.find(run);
  const { outcome } = await project.cancel(id);
  if (outcome !== "cancelled") {
    raise(
      "run-finished",
      `run ${id} had finished before (${outcome}); there is nothing to cancel`,
      `see it with: assay show ${id}`,
    );
  }
  const summary = `Cancelled ${id}.`;
  if (options.json) writeResult({ type: "result", outcome: "cancelled", exitCode: 0, summary });
  else process.stdout.write(`${summary}\n`);
}
