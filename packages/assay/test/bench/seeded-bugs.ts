/**
 * How many of twenty bugs of twenty kinds, in five projects of several modules, the search repairs as `assay heal` asks it to, with
 * the real sandbox, workspaces and runners.
 *
 *   node packages/assay/test/bench/seeded-bugs.ts [seconds per bug] [words of a kind or project]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { realTools } from "../support/real-tools.ts";
import { type SeededBug, seedBug, seededBugs } from "../support/seeded-bugs.ts";
import { describeRow, summarizeRows } from "./describe-rows.ts";
import { healRow } from "./heal-row.ts";

const [seconds = "60", words = ""] = process.argv.slice(2);
const wallMsMax = Number(seconds) * 1000;
const chosen = seededBugs.filter(({ kind, project }) => `${kind} ${project}`.includes(words));

if (!(wallMsMax > 0) || chosen.length === 0) {
  console.error(`no seconds or no bug: ${process.argv.slice(2).join(" ")}`);
  process.exitCode = 2;
} else {
  await measure(chosen);
}

async function measure(bugs: readonly SeededBug[]): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "assay-bench-"));
  const rows = [];
  try {
    const tools = await realTools(home);
    for (const [index, bug] of bugs.entries()) {
      const directory = join(home, `bug-${index}`, bug.project);
      const wrong = { solution: bug.file, canonical: await seedBug(bug, directory) };
      const result = await healRow(tools, directory, wrong, { wallMsMax, withFailures: true });
      rows.push({ kind: bug.kind, project: bug.project, ...result });
      console.log(`${bug.kind.padEnd(32)} ${bug.project.padEnd(14)} ${describeRow(result)}`);
      if (result.plausible > 0) console.log(`  the best of ${result.plausible}: ${result.summary}`);
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
  console.log(summarizeRows(rows));
  console.log(JSON.stringify({ bench: "seeded-bugs", secondsPerBug: wallMsMax / 1000, rows }));
}
