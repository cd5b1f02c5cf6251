import { initialise } from "#app";
import { sanitizeLine } from "#report";
import { writeListing, writeResult } from "../output/json.ts";

export async function initCommand(directory: string, options: { force?: boolean; json?: boolean }): Promise<void> {
  const { path, details } = await initialise(directory, options.force === true);
  const summary = `Wrote ${path}.`;
  if (options.json) {
    writeListing({ type: "configuration-written", path, details });
    writeResult({ type: "result", outcome: "nothing-to-do", exitCode: 0, summary });
    return;
  }
  process.stdout.write(`What was seen:\n`);
  for (const detail of details) process.stdout.write(`  · ${sanitizeLine(detail)}\n`);
  process.stdout.write(`${summary} Heal it with: assay heal ${directory === "." ? "" : directory}\n`);
}
