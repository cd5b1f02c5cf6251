/**
 * Ten thousand verdicts in a row: the same outcome for the same candidate each time, and nothing left behind.
 *
 *   ASSAY_DATASETS=/path/to/folder node test/bench/ten-thousand-verdicts.ts [count] [workers]
 *
 * Every 16th check is spoiled in a way of its own: an endless loop, a crash, a flood, memory without end, a process that stays.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFunctionOracle } from "#oracle";
import type { FunctionCheck } from "#ports";
import { openSandbox } from "#sandbox";
import { humanEvalChecks } from "./humaneval-checks.ts";

const folder = process.env.ASSAY_DATASETS;
const count = Number(process.argv[2] ?? "10000");
const workers = Number(process.argv[3] ?? "2");

const spoiled: readonly (readonly [name: string, body: string])[] = [
  ["loop", "while True: pass"],
  ["exit", "import os; os._exit(0)"],
  ["flood", "return 'x' * (1 << 28)"],
  ["memory", "x = []\n    while True: x.append(bytearray(1 << 24))"],
  [
    "survivor",
    "import os, time\n    if os.fork() == 0:\n        os.setsid()\n        while True: time.sleep(1)\n    return 1",
  ],
  ["raise", "raise SystemExit(0)"],
  [
    "threads",
    "import threading, time\n    [threading.Thread(target=time.sleep, args=(99,)).start() for _ in range(9)]\n    return 1",
  ],
];

if (folder === undefined) console.log("skipped: ASSAY_DATASETS is not set");
else await measure(join(folder, "HumanEval.jsonl.gz"));

async function measure(data: string): Promise<void> {
  const honest = await humanEvalChecks(data);
  const { sandbox } = await openSandbox({ unsafe: false });
  const before = await resources();
  const outcomes = new Map<string, Map<string, number>>();
  const started = performance.now();
  {
    await using oracle = await openFunctionOracle(sandbox, { language: "python", workers });
    let next = 0;
    const work = async () => {
      while (next < count) {
        const index = next++;
        const { task, check } = checkAt(honest, index);
        const { outcome } = await oracle.check(check);
        const kinds = outcomes.get(task) ?? new Map<string, number>();
        outcomes.set(task, kinds.set(outcome.kind, (kinds.get(outcome.kind) ?? 0) + 1));
        if (next % 1000 === 0) console.log(`${next} verdicts, ${describe(await resources())}`);
      }
    };
    await Promise.all(Array.from({ length: workers * 2 }, work));
  }
  const seconds = (performance.now() - started) / 1000;
  const after = await resources();
  const unsteady = [...outcomes].filter(([, kinds]) => kinds.size > 1);
  console.log(`${count} verdicts in ${seconds.toFixed(1)} s, ${(count / seconds).toFixed(0)}/s`);
  console.log(`before ${describe(before)}\nafter  ${describe(after)}`);
  for (const [task, kinds] of outcomes) if (task.startsWith("spoiled")) console.log(task, Object.fromEntries(kinds));
  console.log(
    `tasks whose outcome was not always the same: ${unsteady.length}`,
    unsteady.map(([task, kinds]) => [task, ...kinds]),
  );
  const leaks = Object.entries(after).filter(([name, value]) => value > (before[name as keyof Resources] ?? 0));
  console.log(leaks.length === 0 ? "nothing left behind" : `LEFT BEHIND: ${JSON.stringify(leaks)}`);
  process.exitCode = unsteady.length + leaks.length === 0 ? 0 : 1;
}

function checkAt(
  honest: Awaited<ReturnType<typeof humanEvalChecks>>,
  index: number,
): { task: string; check: FunctionCheck } {
  const row = honest[index % honest.length];
  if (row === undefined) throw new Error("the dataset is empty");
  if (index % 16 !== 15) return row;
  const [name, body] = spoiled[Math.floor(index / 16) % spoiled.length] ?? ["", ""];
  const limits = { ...row.check.limits, cpuMsMax: 300, wallMsMax: 3000, memoryBytesMax: 128 * 1024 * 1024 };
  const tests = "def check(f):\n    assert f(1) == 2\n";
  const candidate = `def f(x):\n    ${body}\n`;
  return {
    task: `spoiled: ${name}`,
    check: { language: "python", candidate, entryPoint: "f", preamble: "", tests, limits },
  };
}

type Resources = { processes: number; descriptors: number; mounts: number; cgroups: number; temporary: number };

/** After a moment: what ends, ends in its own time. */
async function resources(): Promise<Resources> {
  await new Promise((resolve) => setTimeout(resolve, 500));
  const lines = (path: string) => readFileSync(path, "utf8").trim().split("\n").length;
  const groups = execFileSync("find", ["/sys/fs/cgroup", "-type", "d", "-name", "*assay*"], { encoding: "utf8" });
  return {
    processes: readdirSync("/proc").filter((name) => /^\d+$/.test(name) && isUserProcess(name)).length,
    descriptors: readdirSync("/proc/self/fd").length,
    mounts: lines("/proc/self/mounts"),
    cgroups: groups.split("\n").filter((line) => line !== "").length,
    temporary: readdirSync(tmpdir()).length,
  };
}

/** Kernel threads come and go as they like; they have no command line. */
function isUserProcess(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "";
  } catch {
    return false;
  }
}

function describe(resources: Resources): string {
  return Object.entries(resources)
    .map(([name, value]) => `${value} ${name}`)
    .join(", ");
}
