/**
 * How many bugs of HumanEvalFix the search repairs, with the real sandbox, workspaces and runners.
 *
 *   ASSAY_DATASETS=/path/to/folder node test/bench/search-humanevalfix.ts [python|js] [first] [count] [seconds per row]
 *
 * The folder holds `humanevalfix_python_dev.jsonl.gz` and `humanevalfix_js_dev.jsonl.gz`.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { realTools } from "../support/real-tools.ts";
import { describeRow, summarizeRows } from "./describe-rows.ts";
import { healRow, type RowResult } from "./heal-row.ts";
import { projectOf, readRows, writeProject } from "./humanevalfix-project.ts";

const folder = process.env.ASSAY_DATASETS;
const [language = "python", first = "0", count = "64", seconds = "25"] = process.argv.slice(2);

if (folder === undefined) {
  console.log("skipped: ASSAY_DATASETS is not set");
} else if (language !== "python" && language !== "js") {
  console.error(`there is no language ${language}: python or js`);
  process.exitCode = 2;
} else {
  await measure(folder, language);
}

async function measure(datasets: string, language: "python" | "js"): Promise<void> {
  const all = await readRows(datasets, language);
  const rows = all.slice(Number(first), Number(first) + Number(count));
  const home = await mkdtemp(join(tmpdir(), "assay-bench-"));
  const results: RowResult[] = [];
  try {
    const tools = await realTools(home);
    for (const [index, row] of rows.entries()) {
      const project = projectOf(row, language);
      const directory = join(home, `row-${index}`);
      await writeProject(directory, project);
      const result = await healRow(tools, directory, project, { wallMsMax: Number(seconds) * 1000 });
      results.push(result);
      console.log(`${row.task_id.padEnd(15)} ${describeRow(result)}`);
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
  console.log(summarizeRows(results));
}
