/**
 * Lane A alone on HumanEval's canonical solutions, at one and two workers: verdicts per second, and what the pool holds in memory.
 *
 *   ASSAY_DATASETS=/path/to/folder node test/bench/function-oracle.ts [rounds]
 *
 * The folder holds `HumanEval.jsonl.gz`. `verdicts-beside.ts` has the published harnesses beside it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openFunctionOracle } from "#oracle";
import { openSandbox } from "#sandbox";
import { humanEvalChecks } from "./humaneval-checks.ts";

const folder = process.env.ASSAY_DATASETS;
const rounds = Number(process.argv[2] ?? "3");

if (folder === undefined) console.log("skipped: ASSAY_DATASETS is not set");
else for (const workers of [1, 2]) await measure(join(folder, "HumanEval.jsonl.gz"), workers);

async function measure(data: string, workers: number): Promise<void> {
  const checks = await humanEvalChecks(data);
  const { sandbox } = await openSandbox({ unsafe: false });
  await using oracle = await openFunctionOracle(sandbox, { language: "python", workers });
  await Promise.all(checks.slice(0, workers).map(({ check }) => oracle.check(check)));
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    const observed = await Promise.all(checks.map(({ check }) => oracle.check(check)));
    const seconds = (performance.now() - started) / 1000;
    const passed = observed.filter(({ outcome, level }) => outcome.kind === "passed" && level === "out-of-process");
    console.log(
      `${workers} workers  ${passed.length}/${checks.length}  ${(checks.length / seconds).toFixed(0)}/s  pool ${poolMebibytes()} MiB PSS`,
    );
    for (const [index, { outcome }] of observed.entries())
      if (outcome.kind !== "passed") console.log(checks[index]?.task, JSON.stringify(outcome));
  }
}

/** Proportional memory of everything that this process has started. */
function poolMebibytes(): string {
  const below = [process.pid];
  let kibibytes = 0;
  for (let pid = below.pop(); pid !== undefined; pid = below.pop()) {
    try {
      if (pid !== process.pid)
        kibibytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
      for (const thread of readdirSync(`/proc/${pid}/task`))
        below.push(
          ...readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
        );
    } catch {
      // It ended meanwhile.
    }
  }
  return (kibibytes / 1024).toFixed(0);
}
