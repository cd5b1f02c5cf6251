/**
 * What learning brings: the knowledge base learns from one half of HumanEvalFix's Python rows, and the other half is searched with the
 * seeds alone and with what was learned, row by row in turns.
 *
 *   ASSAY_DATASETS=/path/to/folder node test/bench/knowledge.ts [rows] [seconds per row]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JsonlKnowledge } from "#knowledge";
import { realTools } from "../support/real-tools.ts";
import { summarizeRows } from "./describe-rows.ts";
import { healRow, type RowResult } from "./heal-row.ts";
import { projectOf, readRows, writeProject } from "./humanevalfix-project.ts";

const folder = process.env.ASSAY_DATASETS;
const [count = "64", seconds = "10"] = process.argv.slice(2);

if (folder === undefined) console.log("skipped: ASSAY_DATASETS is not set");
else await measure(folder);

async function measure(datasets: string): Promise<void> {
  const rows = (await readRows(datasets, "python")).slice(0, Number(count));
  const home = await mkdtemp(join(tmpdir(), "assay-bench-"));
  const knowledge = new JsonlKnowledge(join(home, "knowledge.jsonl"));
  const wallMsMax = Number(seconds) * 1000;
  const results = { seeds: [] as RowResult[], learned: [] as RowResult[] };
  try {
    const tools = await realTools(home);
    const prepared = [];
    for (const [index, row] of rows.entries()) {
      const project = projectOf(row, "python");
      const directory = join(home, `row-${index}`);
      await writeProject(directory, project);
      prepared.push({ project, directory });
    }
    for (const { project, directory } of prepared.filter((_, index) => index % 2 === 0)) {
      const { method, passes, methods = {} } = await healRow(tools, directory, project, { wallMsMax });
      const right = method !== undefined && passes ? [method] : [];
      const wrong = method !== undefined && !passes ? [method] : [];
      const nothing = { survived: [], refuted: [], wallMs: 0, costMicroUsd: 0, at: Date.now(), version: 1 } as const;
      const about = { language: "python", category: "assertion", proposer: "search" } as const;
      await knowledge.add([
        { ...nothing, ...about, survived: [], refuted: [], tried: methods, accepted: right, refused: wrong },
      ]);
    }
    for (const { project, directory } of prepared.filter((_, index) => index % 2 === 1)) {
      results.seeds.push(await healRow(tools, directory, project, { wallMsMax }));
      results.learned.push(await healRow(tools, directory, project, { wallMsMax, search: { knowledge } }));
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
  for (const [name, all] of Object.entries(results)) {
    const firsts = all.flatMap((one) => (one.first ? [one.first.candidates] : []));
    const sum = firsts.reduce((total, one) => total + one, 0);
    console.log(`${name}: candidates to the first plausible, over ${firsts.length} rows: ${sum}`);
    console.log(`  ${summarizeRows(all)}`);
  }
  const both = results.seeds.flatMap((one, index) => {
    const [a, b] = [one.first?.candidates, results.learned[index]?.first?.candidates];
    return a === undefined || b === undefined ? [] : [[a, b] as const];
  });
  const sums = both.reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
  console.log(
    `rows found by both: ${both.length}, candidates ${sums[0]} with the seeds, ${sums[1]} with what was learned`,
  );
}
