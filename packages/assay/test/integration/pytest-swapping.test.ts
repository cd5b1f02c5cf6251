import { describe, expect, test } from "vitest";
import type { EditBatch } from "#ports";
import { type InlineProject, inlinePytest } from "../support/inline-pytest.ts";
import { whyNoPytest } from "../support/pytest-project.ts";

const missing = await whyNoPytest();
const title = `edits tried one after the other in one pytest${missing === undefined ? "" : ` (skipped: ${missing})`}`;

const file = "core.py";
const ini = { "pytest.ini": "[pytest]\n" };
type Try = { find: string; text: string };

/** How often edits are handed in again that a batch had no time for, as on a slow machine. */
const batchesMax = 6;

/** The kind of each edit's outcome. */
async function kinds(project: InlineProject, source: string, tries: Try[], tests: string[], fuelFactor = 1) {
  const screen = await project.runner.screen({ ...project.request(), testMsMax: 2000 });
  if (screen?.tryEdits === undefined) throw new Error("the warm process did not come up");
  await using open = screen;
  const [target = "", ...guards] = tests.map((name) => `test_core.py::${name}`);
  const candidates = tries.map(({ find, text }, id) => {
    const start = source.indexOf(find);
    return { id, start, end: start + find.length, text, order: 0 };
  });
  const outcomes = new Map<number, string>();
  for (let id = 1; id <= batchesMax && outcomes.size < tries.length; id += 1) {
    const left = candidates.filter((candidate) => !outcomes.has(candidate.id));
    const batch: EditBatch = { id, file, source, targets: [target], orders: [guards], candidates: left, fuelFactor };
    for (const outcome of (await open.tryEdits?.(batch)) ?? []) outcomes.set(outcome.id, outcome.kind);
  }
  return tries.map((_, id) => outcomes.get(id) ?? "none");
}

describe.skipIf(missing !== undefined)(title, () => {
  const source = [
    "import functools, os, time",
    "SEEN = []",
    "LIMIT = max(1, 2)",
    "class Shop:",
    "    '𝄞'",
    "    @property",
    "    def total(self):",
    "        total = 0",
    "        for n in range(3): total -= n",
    "        return total",
    "",
    "@functools.lru_cache",
    "def cached(n):",
    "    return n - 1",
    "",
    "def early(): return 3",
    "EARLY = early()",
    "",
    "def made():",
    "    def inner(): return 1",
    "    return inner",
    "kept = made()",
    "",
  ].join("\n");
  const tests = [
    "from core import EARLY, SEEN, Shop, cached, kept",
    "def test_total(): assert Shop().total == 3",
    "def test_cached(): assert cached(1) == 2",
    "def test_early(): assert EARLY == 4",
    "def test_kept(): assert kept() == 2",
    "def test_clean(): assert SEEN == []",
    "",
  ].join("\n");
  const open = () => inlinePytest({ ...ini, [file]: source, "test_core.py": tests });
  const mend = { find: "total -= n", text: "total += n" };

  test("tells what passes from what fails, hangs, does not compile or ends the process, and goes on", async () => {
    await using project = await open();
    const tries = [
      { find: "total -= n", text: "total -= 2 * n" },
      { find: "return total", text: "return (" },
      { find: "return total", text: "while True: total += 1" },
      { find: "return total", text: "time.sleep(60)" },
      { find: "return total", text: "os._exit(0)" },
      { find: "return total", text: "import pytest; pytest.skip('not here')" },
      { find: "return total", text: "return 'x' * (1 << 40)" },
      mend,
      { find: "return total", text: "return -total" },
      { find: "LIMIT = max", text: "LIMIT = min" },
    ];
    const expected = [
      "failed",
      "broken",
      "timed-out",
      "timed-out",
      "failed",
      "failed",
      "timed-out",
      "passed",
      "passed",
    ];
    expect(await kinds(project, source, tries, ["test_total", "test_clean"])).toEqual([...expected, "unsuited"]);
  });

  test("lets an edit go on for longer when it is asked for", async () => {
    await using project = await open();
    const slow = [{ find: "return total", text: "for n in range(30000): total = 3\n        return total" }];
    expect(await kinds(project, source, slow, ["test_total"])).toEqual(["timed-out"]);
    expect(await kinds(project, source, slow, ["test_total"], 100)).toEqual(["passed"]);
  });

  test("finds no cached answer of an edit before", async () => {
    await using project = await open();
    const times = { find: "n - 1", text: "n * 1" };
    const plus = { find: "n - 1", text: "n + 1" };
    expect(await kinds(project, source, [times, plus, times], ["test_cached"])).toEqual(["failed", "passed", "failed"]);
  });

  test("leaves aside what ran when it was loaded, or lives on in what was made then", async () => {
    await using project = await open();
    expect(await kinds(project, source, [{ find: "return 3", text: "return 4" }], ["test_early"])).toEqual([
      "unsuited",
    ]);
    expect(await kinds(project, source, [{ find: "return 1\n", text: "return 2\n" }], ["test_kept"])).toEqual([
      "unsuited",
    ]);
  });

  test("leaves aside a failure that an edit before may have left behind", async () => {
    await using project = await open();
    const spoil = { find: "return total", text: "SEEN.append(1)\n        return total" };
    expect(await kinds(project, source, [spoil, mend], ["test_total", "test_clean"])).toEqual(["unsuited", "unsuited"]);
  });

  test("runs fixtures and test cases as pytest does, and each test within its own time", async () => {
    const half = "def half(n):\n    return n * 2\n";
    const cases = [
      "import time, unittest, pytest",
      "from core import half",
      "def test_half(tmp_path):",
      "    (tmp_path / 'a').write_text('4')",
      "    assert half(int((tmp_path / 'a').read_text())) == 2",
      "class TestMore(unittest.TestCase):",
      "    def test_case(self): self.assertEqual(half(6), 3)",
      "@pytest.mark.parametrize('n', range(30))",
      "def test_slow(n): time.sleep(0.03)",
      "",
    ].join("\n");
    await using project = await inlinePytest({ ...ini, [file]: half, "test_core.py": cases });
    const tries = [
      { find: "n * 2", text: "n / 2" },
      { find: "n * 2", text: "n / 3" },
    ];
    const slow = Array.from({ length: 30 }, (_, n) => `test_slow[${n}]`);
    expect(await kinds(project, half, tries, ["test_half", ...slow])).toEqual(["passed", "failed"]);
    expect(await kinds(project, half, tries, ["TestMore::test_case"])).toEqual(["passed", "failed"]);
    const screen = await project.runner.screen({ ...project.request(), testMsMax: 2000 });
    await using open = screen;
    const mended = { id: 1, files: { [file]: half.replace("n * 2", "n / 2") }, tests: ["test_core.py"] };
    expect(await open?.try(mended)).toEqual({ id: 1, kind: "passed" });
  });
});
