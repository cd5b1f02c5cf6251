import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Result, RunEvent } from "@assay/sdk";
import { raise } from "#domain";
import { changeFindings, writeSarif } from "#report";

/** Writes a judgement for other tools: findings as SARIF, and the comment for a pull request. */
export async function writeJudgementFiles(
  events: readonly RunEvent[],
  result: Result,
  { sarif, markdown }: { sarif?: string; markdown?: string },
): Promise<void> {
  if (sarif !== undefined)
    await write(sarif, writeSarif({ tool: { name: "assay" }, findings: changeFindings(events) }));
  if (markdown !== undefined && result.report !== undefined) {
    // The report's own Markdown stands beside its page.
    await write(markdown, await readFile(join(dirname(result.report), "report.md"), "utf8"));
  }
}

async function write(path: string, content: string): Promise<void> {
  await writeFile(path, content).catch((error: Error) => raise("usage", `cannot write ${path}: ${error.message}`));
}
