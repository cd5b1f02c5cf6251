import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Listing } from "@assay/sdk";
import { beforeAll, describe, expect, test } from "vitest";
import { openSandbox } from "#sandbox";
import { thorough } from "../support/depth.ts";
import { type Ended, jsonLines, type RunAssayOptions, resultOf, runAssay } from "../support/run-assay.ts";

const modules = join(import.meta.dirname, "../../../../node_modules");

const python = {
  "sums.py":
    "def total(numbers):\n    result = 0\n    for number in numbers:\n        result += number\n    return result\n",
  "test_sums.py": "from sums import total\n\n\ndef test_total():\n    assert total([1, 2, 3]) == 6\n",
};
const node = {
  "package.json": '{ "name": "sums", "type": "module", "scripts": { "test": "node --test" } }\n',
  "sums.mjs":
    "export function total(numbers) {\n  let result = 0;\n  for (const each of numbers) result += each;\n  return result;\n}\n",
  "sums.test.mjs":
    'import assert from "node:assert";\nimport { test } from "node:test";\nimport { total } from "./sums.mjs";\n\ntest("total", () => assert.strictEqual(total([1, 2, 3]), 6));\n',
};

let cannot = "";
beforeAll(async () => {
  cannot = await openSandbox({ unsafe: false }).then(
    () => (existsSync("/usr/bin/pytest") ? "" : "needs the system's pytest"),
    (error: Error) => `needs a sandbox: ${error.message}`,
  );
});

function audited(files: Record<string, string>, ...command: string[]): Promise<Ended> {
  return auditedWith({}, files, ...command);
}

async function auditedWith(
  { link, ...options }: RunAssayOptions & { link?: string },
  files: Record<string, string>,
  ...command: string[]
): Promise<Ended> {
  const home = await mkdtemp(join(tmpdir(), "assay-audit-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(home, "project", path)), { recursive: true });
      await writeFile(join(home, "project", path), text);
    }
    if (link !== undefined) await symlink(join(modules, link), join(home, "project/node_modules", link));
    return await runAssay(home, ["audit", "--json", "-C", join(home, "project"), "--", ...command], options);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function outcomes(ended: Ended): Record<string, string> {
  const lines = jsonLines(ended) as unknown as Listing[];
  return Object.fromEntries(lines.flatMap((each) => (each.type === "cheat-tried" ? [[each.cheat, each.outcome]] : [])));
}

describe("assay audit", () => {
  test("shows what pytest's exit code lets through, and what it does not", async (context) => {
    if (cannot !== "") return context.skip(cannot);
    const ended = await audited(python, "/usr/bin/python3", "-m", "pytest", "-q");
    expect(ended.code, ended.stderr).toBe(1);
    expect(outcomes(ended)).toMatchObject({
      "exit-at-import": "let-through",
      "equal-to-everything": "let-through",
      "conftest-reports": "let-through",
      "pytest-ini": "let-through",
      "pytest-call-info": "let-through",
      "unittest-methods": "caught",
    });
    expect(resultOf(ended)).toMatchObject({ outcome: "rejected", exitCode: 1 });
  });

  test("shows what npm test lets through", async (context) => {
    if (cannot !== "") return context.skip(cannot);
    const ended = await audited(node, "npm", "test");
    expect(ended.code, ended.stderr).toBe(1);
    expect(outcomes(ended)).toMatchObject({
      "exit-at-load": "let-through",
      "patched-assert": "let-through",
      "package-script": "let-through",
      "exit-handler": "caught",
      "vitest-chai": "not-applicable",
    });
  });

  test("accepts a command that compares with the answer of another process and believes no exit code", async (context) => {
    if (cannot !== "") return context.skip(cannot);
    const check = `import subprocess, sys
given = [3, 5, 8, 13]
code = "import sys; sys.path.insert(0, '.'); from sums import total; print(repr(total(%r)))" % given
run = subprocess.run([sys.executable, "-I", "-B", "-c", code], capture_output=True, text=True, timeout=5)
sys.exit(0 if run.stdout == "29\\n" else 1)
`;
    const ended = await audited({ ...python, "check/check.py": check }, "/usr/bin/python3", "-I", "check/check.py");
    expect(Object.entries(outcomes(ended)).filter(([, outcome]) => outcome === "let-through")).toEqual([]);
    expect(ended.code, ended.stderr).toBe(0);
  });

  test("says so when the command notices nothing", async (context) => {
    if (cannot !== "") return context.skip(cannot);
    const ended = await audited(python, "true");
    expect(ended.code, ended.stderr).toBe(3);
    expect(resultOf(ended).summary).toContain("noticed none of");
  });

  thorough("says so when the command fails on the project as it is", async (context) => {
    if (cannot !== "") return context.skip(cannot);
    const ended = await audited(python, "sh", "-c", "echo broken here; exit 7");
    expect(ended.code, ended.stderr).toBe(3);
    expect(resultOf(ended).summary).toMatch(/`sh -c 'echo broken here; exit 7'`[\s\S]*exit code 7\nbroken here$/);
  });

  thorough(
    "says that there is no network when the command wants one, and shows the end of a flood alone",
    async (context) => {
      if (cannot !== "") return context.skip(cannot);
      const lookUp = "await (await import('node:dns/promises')).lookup('registry.npmjs.org')";
      const asking = await audited(node, "node", "--input-type=module", "-e", lookUp);
      expect(asking.code, asking.stderr).toBe(3);
      expect(resultOf(asking).summary).toMatch(/\(the sandbox has no network\)$/);
      const flooding = await audited(node, "sh", "-c", "yes | head -c 100000000");
      expect(flooding.code, flooding.stderr).toBe(3);
      const { summary } = resultOf(flooding);
      expect(summary).toContain("ended at its limit of output");
      expect(summary.split("\n").length).toBeLessThan(20);
    },
  );

  thorough(
    "runs a vitest that has a configuration, which vite compiles into the dependencies elsewhere",
    async (context) => {
      if (cannot !== "") return context.skip(cannot);
      const config = {
        "package.json": '{ "name": "sums", "type": "module", "scripts": { "test": "vitest run" } }\n',
        "vitest.config.mjs": "export default { test: { include: ['*.test.mjs'] } };\n",
        "node_modules/.vite-temp/old.mjs": "",
        "sums.mjs": node["sums.mjs"],
        "sums.test.mjs":
          'import { expect, test } from "vitest";\nimport { total } from "./sums.mjs";\n\ntest("total", () => expect(total([1, 2, 3])).toBe(6));\n',
      };
      const ended = await auditedWith({ link: "vitest" }, config, "node", "node_modules/vitest/vitest.mjs", "run");
      expect(ended.code, ended.stderr).toBe(1);
      expect(outcomes(ended)).toMatchObject({ "vitest-chai": "let-through", "exit-at-load": "caught" });
    },
  );

  test("ends at Ctrl-C between two cheats or in one", async (context) => {
    if (cannot !== "") return context.skip(cannot);
    let isTold = false;
    const onStdout = (_text: string, pid: number) => {
      if (!isTold) process.kill(pid, "SIGINT");
      isTold = true;
    };
    const ended = await auditedWith({ onStdout }, node, "npm", "test");
    expect(ended.code, ended.stderr).toBe(130);
    expect(resultOf(ended).fault?.code).toBe("interrupted");
  });

  test("refuses no command, a program that is nowhere, a folder that is none", async (context) => {
    if (cannot !== "") return context.skip(cannot);
    const home = await mkdtemp(join(tmpdir(), "assay-audit-"));
    try {
      expect((await runAssay(home, ["audit"])).code).toBe(2);
      expect((await runAssay(home, ["audit", "-C", join(home, "nowhere"), "--", "true"])).code).toBe(2);
      expect((await audited(python, "no-such-program-anywhere")).code).toBe(4);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });
});
