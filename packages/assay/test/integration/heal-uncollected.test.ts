import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { resultOf, runAssay } from "../support/run-assay.ts";

const run = promisify(execFile);
const git = (project: string, ...args: string[]) =>
  run("git", [
    "-C",
    project,
    "-c",
    "user.name=t",
    "-c",
    "user.email=t@localhost",
    "-c",
    "commit.gpgsign=false",
    ...args,
  ]);

/** A project of these files in a home of its own. */
async function projectOf(files: Record<string, string>) {
  const home = await mkdtemp(join(tmpdir(), "assay-uncollected-"));
  const project = join(home, "project");
  await write(project, files);
  return { home, project, [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }) };
}

async function write(project: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), text);
  }
}

const pyproject = '[project]\nname = "prices"\nversion = "1"\n\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n';
const total = "def total(prices):\n    return sum(prices)\n";

/** Heals, and has the receipt verified by running it again. */
async function healAndVerify(home: string, project: string, ...options: string[]) {
  const healed = resultOf(await runAssay(home, ["heal", project, ...options, "--apply", "--json"]));
  expect(healed).toMatchObject({ outcome: "accepted", exitCode: 0, applied: true });
  const verified = resultOf(await runAssay(home, ["verify", healed.receipt ?? "", "--json"]));
  expect(verified).toMatchObject({ outcome: "accepted", exitCode: 0 });
}

describe("assay heal where the only test file cannot be collected", () => {
  test("takes back that a function was renamed which a Python test imports", async () => {
    await using made = await projectOf({
      "pyproject.toml": pyproject,
      "prices/__init__.py": "",
      "prices/total.py": total,
      "tests/test_total.py": `import pytest

from prices.total import total


def test_total():
    assert total([1, 2]) == 3


@pytest.mark.skip(reason="another day")
def test_later():
    assert total([]) is None
`,
    });
    await git(made.project, "init", "-q");
    await git(made.project, "add", ".");
    await git(made.project, "commit", "-qm", "a project");
    await write(made.project, { "prices/total.py": total.replace("total", "sum_of") });
    await git(made.project, "commit", "-qam", "rename");
    await healAndVerify(made.home, made.project, "--since", "HEAD~1");
    expect(await readFile(join(made.project, "prices/total.py"), "utf8")).toBe(total);
  });

  test("finds a wrong name that Python meets while it loads a source file", async () => {
    const source = "RATES = {1: 2}\nLIMIT = max(RATE)\n\n\ndef rate(n):\n    return RATES[min(n, LIMIT)]\n";
    await using made = await projectOf({
      "pyproject.toml": pyproject,
      "prices/__init__.py": "",
      "prices/rates.py": source,
      "tests/test_rates.py": "from prices.rates import rate\n\n\ndef test_rate():\n    assert rate(7) == 2\n",
    });
    await healAndVerify(made.home, made.project);
    expect(await readFile(join(made.project, "prices/rates.py"), "utf8")).toContain("max(RATES)");
  });

  test("takes back that a function was renamed which a test of node:test imports", async () => {
    const source = "export const total = (prices) => prices.reduce((sum, price) => sum + price, 0);\n";
    await using made = await projectOf({
      "package.json": JSON.stringify({ type: "module", scripts: { test: "node --test" } }),
      "src/total.js": source,
      "test/total.test.js": `import assert from "node:assert/strict";
import { test } from "node:test";
import { total } from "../src/total.js";
test("total", () => assert.equal(total([1, 2]), 3));
`,
    });
    await git(made.project, "init", "-q");
    await git(made.project, "add", ".");
    await git(made.project, "commit", "-qm", "a project");
    await write(made.project, { "src/total.js": source.replace("total", "sumOf") });
    await git(made.project, "commit", "-qam", "rename");
    await healAndVerify(made.home, made.project, "--since", "HEAD~1");
    expect(await readFile(join(made.project, "src/total.js"), "utf8")).toBe(source);
  });
});
