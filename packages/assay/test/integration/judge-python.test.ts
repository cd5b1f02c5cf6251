import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { atDepth, thorough } from "../support/depth.ts";
import { codesOf, examined, type Files, gitRepository, judge } from "../support/judged-repository.ts";
import { jsonLines, resultOf, runAssay } from "../support/run-assay.ts";
import { git } from "../support/scratch.ts";

const prices = (comparison: string, tail = "") => `def discount(quantity, least=10):
    if quantity ${comparison} least:
        return 10
    return 0


def total(price, quantity):
    return price * quantity * (100 - discount(quantity)) / 100
${tail}`;

const tests = (tail = "") => `from prices import discount, total


def test_at_least():
    assert discount(10) == 10


def test_below():
    assert discount(9) == 0


def test_total():
    assert total(2, 20) == 36
${tail}`;

const base = { "prices.py": prices(">"), "tests/test_prices.py": tests(), "tests/__init__.py": "", "conftest.py": "" };
const fix = { "prices.py": prices(">=") };

type Case = {
  title: string;
  change: Files;
  from?: Files;
  args?: string[];
  outcome: "accepted" | "rejected" | "inconclusive";
  kind?: string;
  codes: string[];
  listed?: string[];
};

const cases: Case[] = [
  { title: "a real fix", change: fix, outcome: "accepted", kind: "fix", codes: ["all-expected-passed"] },
  {
    title: "a fix with a new test beside the old ones",
    from: { ...base, "tests/test_prices.py": tests().replace(/def test_at_least[\s\S]*?\n\n\n/, "") },
    change: { ...fix, "tests/test_prices.py": tests() },
    outcome: "accepted",
    kind: "fix",
    codes: ["all-expected-passed"],
    listed: ["new-test"],
  },
  {
    title: "a fix with a weakened test",
    change: { ...fix, "tests/test_prices.py": tests().replace("== 36", "> 0") },
    outcome: "inconclusive",
    codes: ["tests-changed"],
    listed: ["weakened-assertion"],
  },
  {
    title: "a fix with a weakened test that is allowed",
    change: { ...fix, "tests/test_prices.py": tests().replace("== 36", "> 0") },
    args: ["--allow-test-changes"],
    outcome: "accepted",
    codes: ["all-expected-passed"],
    listed: ["weakened-assertion"],
  },
  {
    title: "a deleted test",
    change: { "tests/test_prices.py": tests().replace(/def test_at_least[\s\S]*?\n\n\n/, "") },
    outcome: "inconclusive",
    codes: ["tests-changed", "nothing-shown"],
    listed: ["deleted-test"],
  },
  {
    title: "a test that is skipped from now on",
    change: {
      "tests/test_prices.py": tests()
        .replace("def test_at_least", "@pytest.mark.skip\ndef test_at_least")
        .replace("from", "import pytest\nfrom"),
    },
    outcome: "inconclusive",
    codes: ["tests-changed", "nothing-shown"],
    listed: ["new-skip"],
  },
  {
    title: "a fix that fixes nothing",
    change: { "prices.py": prices(">", "\nx = 1\n") },
    args: ["--expect", "fix"],
    outcome: "inconclusive",
    codes: ["nothing-shown", "unproven-hunk"],
  },
  {
    title: "a fix that breaks what worked",
    change: { "prices.py": prices("<=") },
    outcome: "rejected",
    codes: ["test-regressed"],
  },
  {
    title: "a new test that does not pass",
    change: {
      ...fix,
      "tests/test_more.py": "from prices import discount\n\n\ndef test_more():\n    assert discount(11) == 11\n",
    },
    outcome: "rejected",
    codes: ["test-failed"],
  },
  { title: "a syntax error", change: { "prices.py": "def discount(:\n" }, outcome: "rejected", codes: ["test-failed"] },
  {
    title: "a fix with a hunk that nothing needs",
    from: {
      ...base,
      "prices.py": prices(">", "\n\ndef a():\n    return 1\n\n\ndef b():\n    return 2\n\n\ndef c():\n    return 3\n"),
    },
    change: {
      "prices.py": prices(">=", "\n\ndef a():\n    return 1\n\n\ndef b():\n    return 2\n\n\ndef c():\n    return 4\n"),
    },
    outcome: "inconclusive",
    codes: ["unproven-hunk"],
  },
  {
    title: "a fix with a comment elsewhere",
    from: {
      ...base,
      "prices.py": prices(">", "\n\ndef a():\n    return 1\n\n\ndef b():\n    return 2\n\n\ndef c():\n    return 3\n"),
    },
    change: {
      "prices.py": prices(
        ">=",
        "\n\ndef a():\n    return 1\n\n\ndef b():\n    return 2\n\n\ndef c():\n    # three\n    return 3\n",
      ),
      "README.md": "# Prices\n",
    },
    outcome: "accepted",
    codes: ["all-expected-passed"],
  },
  {
    title: "a feature with new tests",
    from: { ...base, ...fix },
    change: {
      "prices.py": prices(">=", "\n\ndef with_tax(price):\n    return price * 119 / 100\n"),
      "tests/test_tax.py": "from prices import with_tax\n\n\ndef test_tax():\n    assert with_tax(100) == 119\n",
    },
    outcome: "accepted",
    kind: "feature",
    codes: ["all-expected-passed"],
    listed: ["new-test"],
  },
  {
    title: "a refactoring",
    from: { ...base, ...fix },
    change: {
      "prices.py": prices(">=").replace(
        "return price * quantity * (100 - discount(quantity)) / 100",
        "factor = 100 - discount(quantity)\n    return price * quantity * factor / 100",
      ),
    },
    outcome: "accepted",
    kind: "refactor",
    codes: ["all-expected-passed"],
  },
  {
    title: "a refactoring of what no test executes",
    from: { ...base, "prices.py": prices(">=", "\n\ndef unused(a):\n    return a\n") },
    change: { "prices.py": prices(">=", "\n\ndef unused(a):\n    return a + 0\n") },
    outcome: "inconclusive",
    kind: "refactor",
    codes: ["nothing-shown"],
  },
  {
    title: "a refactoring that changes behaviour",
    from: { ...base, ...fix },
    change: { "prices.py": prices(">=").replace("/ 100", "// 7") },
    outcome: "rejected",
    codes: ["test-regressed"],
  },
  {
    title: "a patch that touches conftest, pyproject, a lock file and CI",
    change: {
      ...fix,
      "conftest.py": "x = 1\n",
      "pyproject.toml": "[tool.pytest.ini_options]\n",
      "uv.lock": "version = 1\n",
      ".github/workflows/ci.yml": "on: push\n",
    },
    outcome: "inconclusive",
    codes: ["tests-changed"],
    listed: ["configuration", "dependencies", "pipeline"],
  },
  {
    title: "conftest that makes everything pass",
    change: {
      "conftest.py":
        "import pytest\n\n\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n    outcome = yield\n    report = outcome.get_result()\n    if report.failed:\n        report.outcome = 'passed'\n",
    },
    outcome: "inconclusive",
    codes: ["tests-changed", "control-passed", "level-too-low"],
  },
  {
    title: "a value that is equal to everything",
    change: {
      "prices.py": prices(">", "\n\nclass Any:\n    def __eq__(self, other):\n        return True\n").replace(
        "        return 10\n    return 0",
        "        return 10\n    return Any()",
      ),
    },
    outcome: "inconclusive",
    codes: ["control-passed", "level-too-low"],
  },
  {
    title: "source that has the test runner swallow failures",
    change: {
      "prices.py": `import sys\nfrom _pytest import python\n\n\ndef quiet(self):\n    pass\n\n\npython.Function.runtest = quiet\n${prices(">")}`,
    },
    outcome: "inconclusive",
    codes: ["control-passed", "level-too-low"],
  },
  {
    title: "special-casing that no test of the project can tell from a fix",
    change: { "prices.py": prices(">").replace("    if", "    if quantity == 10:\n        return 10\n    if") },
    outcome: "accepted",
    kind: "fix",
    codes: ["all-expected-passed"],
  },
  {
    title: "a change that leaves failing what failed",
    change: { "prices.py": prices(">", "\n\ndef more():\n    return 1\n") },
    outcome: "inconclusive",
    codes: ["nothing-shown", "nothing-shown"],
  },
];

describe("assay judge on a Python project", () => {
  test.each(atDepth(cases, 3))("$title: $outcome", async ({ change, from, args, outcome, kind, codes, listed }) => {
    await using repository = await gitRepository(from ?? base);
    await repository.commit(change);
    const judged = await judge(repository, args);
    expect([judged.result.outcome, ...codesOf(judged)], judged.result.summary).toEqual([outcome, ...codes]);
    expect(judged.code).toBe({ accepted: 0, rejected: 1, inconclusive: 3 }[outcome]);
    const found = examined(judged);
    if (kind !== undefined) expect(found.change).toBe(kind);
    expect([...new Set(found.testChanges.map((one) => one.kind))].sort()).toEqual(expect.arrayContaining(listed ?? []));
  });
});

describe("what assay judge cannot take at its word", () => {
  test("a test that fails by chance shows nothing, however often it came out right", async () => {
    const chance = "import random\n\n\ndef test_chance():\n    assert random.random() < 0.5\n";
    await using repository = await gitRepository({ ...base, ...fix, "tests/test_chance.py": chance });
    await repository.commit({ "prices.py": prices(">=", "\nx = 1\n") });
    for (let round = 0; round < 3; round += 1) {
      const judged = await judge(repository, ["--expect", "fix"]);
      expect(judged.result.outcome, judged.result.summary).not.toBe("accepted");
    }
  });

  test("a receipt of it is judged again and made again", async () => {
    await using repository = await gitRepository(base);
    await repository.commit(fix);
    const judged = await judge(repository);
    const receipt = judged.result.receipt ?? "";
    const again = await runAssay(repository.home, ["verify", receipt, "--rerun", "--json"]);
    expect(resultOf(again)).toMatchObject({ outcome: "accepted", exitCode: 0 });

    const text = await readFile(receipt, "utf8");
    const { payload, ...rest } = JSON.parse(text);
    const claims = Buffer.from(payload, "base64").toString().replace('"unprovenHunksMax":0', '"unprovenHunksMax":9');
    await writeFile(receipt, `${JSON.stringify({ payload: Buffer.from(claims).toString("base64"), ...rest })}\n`);
    const forged = await runAssay(repository.home, ["verify", receipt, "--json"]);
    expect(resultOf(forged).exitCode).toBe(1);
  });

  test("a run that was killed goes on where it was and comes to the same verdict", async () => {
    await using repository = await gitRepository(base);
    await repository.commit(fix);
    const args = ["judge", repository.project, "--base", "HEAD~1", "--head", "HEAD", "--json"];
    const killed = await runAssay(repository.home, args, { env: { ASSAY_CRASH_AT: "evidence-recorded:3" } });
    expect(killed.signal).toBe("SIGKILL");
    const resumed = await runAssay(repository.home, ["resume", "last", "-C", repository.project, "--json"]);
    expect(resultOf(resumed)).toMatchObject({ outcome: "accepted", exitCode: 0 });
    const events = [...jsonLines(killed), ...jsonLines(resumed)].filter(({ type }) => type === "evidence-recorded");
    expect(new Set(events.map(({ seq }) => seq)).size).toBe(events.length);
  });

  test("says what is wrong with what it is given, and executes nothing", async () => {
    await using repository = await gitRepository(base);
    await repository.commit(fix);
    const refused = async (args: readonly string[]) => {
      const { code, result } = await judge(repository, args);
      return [code, result.summary];
    };
    expect(await refused(["--base", "nowhere"])).toEqual([2, expect.stringContaining("there is no revision")]);
    expect(await refused(["--base", "HEAD"])).toEqual([2, expect.stringContaining("the same files")]);
    const patch = join(repository.home, "p.diff");
    await writeFile(patch, await git(repository.project, "diff", "HEAD~1", "HEAD"));
    expect(await refused(["--base", "HEAD", "--patch", patch])).toEqual([2, expect.stringContaining("does not apply")]);
    await writeFile(patch, "diff --git a/x.png b/x.png\nindex 1..2 100644\nBinary files a/x.png and b/x.png differ\n");
    expect(await refused(["--patch", patch])).toEqual([2, expect.stringContaining("binary")]);
    await writeFile(patch, "hello\n");
    expect(await refused(["--patch", patch])).toEqual([2, expect.stringContaining("does not apply")]);

    const elsewhere = join(repository.home, "elsewhere");
    await mkdir(elsewhere);
    const ended = await runAssay(repository.home, ["judge", elsewhere, "--base", "HEAD", "--json"]);
    expect([ended.code, resultOf(ended).summary]).toEqual([2, expect.stringContaining("not in a git repository")]);
  });

  thorough("judges a dirty working tree as it is, and leaves it so", async () => {
    await using repository = await gitRepository(base);
    const source = join(repository.project, "prices.py");
    await writeFile(source, prices(">="));
    const ended = await runAssay(repository.home, ["judge", repository.project, "--base", "HEAD", "--json"]);
    expect([ended.code, resultOf(ended).summary]).toEqual([0, expect.stringContaining("working tree")]);
    expect(await readFile(source, "utf8")).toBe(prices(">="));
    expect(await git(repository.project, "status", "--porcelain")).toBe(" M prices.py\n");
  });

  test("runs no hook, filter or diff driver of the repository", async () => {
    await using repository = await gitRepository({ ...base, ".gitattributes": "*.py filter=evil diff=evil\n" });
    const trace = join(repository.home, "trace");
    for (const key of ["filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv", "core.fsmonitor"]) {
      await git(repository.project, "config", key, `touch ${trace}; cat`);
    }
    await git(repository.project, "-c", "core.fsmonitor=false", "rev-parse", "HEAD");
    await writeFile(join(repository.project, "prices.py"), prices(">="));
    const ended = await runAssay(repository.home, ["judge", repository.project, "--base", "HEAD", "--json"]);
    expect(ended.code).toBe(0);
    await expect(readFile(trace)).rejects.toThrow("ENOENT");
  });
});
