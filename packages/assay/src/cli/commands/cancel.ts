import { openProject } from "#app";
import { writeResult } from "../output/json.ts";

export async function cancelCommand(run: string, options: { dir: string; json?: boolean }): Promise<void> {
  await using project = await openProject(options.dir, {});
  const id = await project.find(run);
  await project.cancel(id);
  const summary = `Cancelled ${id}.`;
  if (options.json) writeResult({ type: "result", outcome: "cancelled", exitCode: 0, summary });
  else process.stdout.write(`${summary}\n`);
}
