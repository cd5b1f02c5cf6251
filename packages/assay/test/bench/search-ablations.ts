/**
 * What the priors, the localisation and the types bring: the same bugs of HumanEvalFix searched without each, row by row in turns.
 *
 *   ASSAY_DATASETS=/path/to/folder node test/bench/search-ablations.ts [first] [count] [seconds per row]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SearchOptions } from "#proposers";
import { realTools } from "../support/real-tools.ts";
import { summarizeRows } from "./describe-rows.ts";
import { healRow, type RowResult } from "./heal-row.ts";
import { projectOf, readRows, writeProject } from "./humanevalfix-project.ts";

const folder = process.env.ASSAY_DATASETS;
const [first = "0", count = "32", seconds = "10"] = process.argv.slice(2);
const variants: NonNullable<SearchOptions["without"]>[] = ["priors", "localisation", "types"];

if (folder === undefined) console.log("skipped: ASSAY_DATASETS is not set");
else await measure(folder);

async function measure(datasets: string): Promise<void> {
  const rows = (await readRows(datasets, "python")).slice(Number(first), Number(first) + Number(count));
  const home = await mkdtemp(join(tmpdir(), "assay-bench-"));
  const results = new Map<string, RowResult[]>();
  try {
    const tools = await realTools(home);
    for (const [index, row] of rows.entries()) {
      const project = projectOf(row, "python");
      const directory = join(home, `row-${index}`);
      await writeProject(directory, project);
      for (const without of [undefined, ...variants]) {
        const search = without === undefined ? {} : { without };
        const result = await healRow(tools, directory, project, { wallMsMax: Number(seconds) * 1000, search });
        const name = without === undefined ? "with all" : `without ${without}`;
        results.set(name, [...(results.get(name) ?? []), result]);
      }
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
  for (const [name, all] of results) {
    const firsts = all.flatMap((one) => (one.first ? [one.first.candidates] : [])).sort((a, b) => a - b);
    const sum = firsts.reduce((total, one) => total + one, 0);
    console.log(`${name}: candidates to the first plausible: median ${firsts[firsts.length >> 1]}, sum ${sum}`);
    console.log(`  ${summarizeRows(all)}`);
  }
}
