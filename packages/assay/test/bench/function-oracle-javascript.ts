/**
 * Verdicts on functions in JavaScript each second, one worker and two: the right solutions of HumanEvalFix must all pass and the
 * buggy ones must not.
 *
 *   node packages/assay/test/bench/function-oracle-javascript.ts HUMANEVALFIX_JS.jsonl.gz
 */
import { openFunctionOracle } from "#oracle";
import type { FunctionCheck } from "#ports";
import { openSandbox } from "#sandbox";
import { humanEvalFixChecks } from "./humanevalfix-checks.ts";

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error("give the file of HumanEvalFix's rows for JavaScript");
const rows = await humanEvalFixChecks(path);
const checks = rows.flatMap(({ task, right, buggy }) => [
  { task, check: right, passes: true },
  { task, check: buggy, passes: false },
]);
const { sandbox } = await openSandbox({ unsafe: false });
const figures = [await measure(1), await measure(2)];
console.log(JSON.stringify({ bench: "function-oracle-javascript", rows: rows.length, figures }));
if (figures.some(({ wrong }) => wrong.length > 0)) process.exitCode = 1;

async function measure(workers: number) {
  await using oracle = await openFunctionOracle(sandbox, { language: "javascript", workers });
  const wrong: string[] = [];
  const started = performance.now();
  await Promise.all(checks.map(async ({ task, check, passes }) => judge(task, check, passes)));
  const perSecond = (checks.length * 1000) / (performance.now() - started);
  console.log(`${workers} workers: ${perSecond.toFixed(1)} verdicts a second, ${wrong.length} wrong`);
  return { workers, perSecond, wrong };

  async function judge(task: string, check: FunctionCheck, passes: boolean): Promise<void> {
    const { outcome } = await oracle.check(check);
    if ((outcome.kind === "passed") === passes) return;
    wrong.push(task);
    console.log(`  ${task}, ${passes ? "right" : "buggy"}: ${JSON.stringify(outcome)}`);
  }
}
