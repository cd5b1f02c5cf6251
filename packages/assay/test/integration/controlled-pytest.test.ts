import { describe, expect, test } from "vitest";
import { levelShown, passedControls } from "#domain";
import { ControlledRunner } from "#oracle";
import type { TestRun } from "#ports";
import { openPytestProject, outcomes, testLimits, whyNoPytest } from "../support/pytest-project.ts";

const missing = await whyNoPytest();
const title = `controls of pytest${missing === undefined ? "" : ` (skipped: ${missing})`}`;

const honest = "def double(x):\n    return x * 2\n";

/** The module under test in other hands: `double` is never right by itself. */
const hostile: Record<string, string> = {
  "patches the report that pytest makes": `
import _pytest.reports
make = _pytest.reports.TestReport.from_item_and_call.__func__
def always_passed(cls, item, call):
    report = make(cls, item, call)
    report.outcome, report.longrepr = "passed", None
    return report
_pytest.reports.TestReport.from_item_and_call = classmethod(always_passed)
def double(x):
    return 0
`,
  "replaces what pytest calls a test with": `
import _pytest.python
_pytest.python.Function.runtest = lambda self: None
def double(x):
    return 0
`,
  "patches the comparison of unittest": `
import unittest
unittest.TestCase.assertEqual = lambda *a, **k: None
unittest.TestCase.assertRaises = lambda *a, **k: None
class Anything:
    def __eq__(self, other): return True
    def __ne__(self, other): return True
    def __bool__(self): return True
def double(x):
    return Anything()
`,
  "gives back what equals everything": `
class Same:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
def double(x):
    return Same()
`,
  "reads the expected value in the frame of its caller": `
import ast, linecache, sys
def double(x):
    frame = sys._getframe(1)
    with open(frame.f_code.co_filename) as file:
        line = file.read().splitlines()[frame.f_lineno - 1].strip()
    if "wanted" in frame.f_locals:
        return frame.f_locals["wanted"]
    if line.startswith("assert") and "==" in line:
        return ast.literal_eval(line.split("==")[1].split(", \\"")[0].strip())
    return x * 2
`,
};

async function controlled(fixture: string, change?: (text: string) => string) {
  const project = await openPytestProject(fixture, change);
  const runner = new ControlledRunner(project.runner);
  const { profile, workspace } = project;
  const run = (seed: number, targets: readonly string[] = []) =>
    runner.run({ profile, workspace, selection: [], limits: testLimits, controls: { seed, targets } });
  return { project, run };
}

const one = "tests/test_numbers.py::test_one_value";
const level = (run: TestRun, tests: readonly string[]) =>
  levelShown({ ...run, level: run.level ?? "in-process" } as never, { tests, files: [] });

describe.skipIf(missing !== undefined)(title, () => {
  test("tells what an ordinary run tells, and that each control of honest code failed", async () => {
    const { project, run } = await controlled("controls-python");
    await using _ = project;
    const plain = await project.run();
    const checked = await run(7, [one]);
    expect(outcomes(checked)).toEqual(outcomes(plain));
    expect(checked.report.collected).toEqual(plain.report.collected);
    expect(checked).toMatchObject({ level: "controlled", controlSeed: 7 });
    expect(checked.uncontrolled).toBeUndefined();
    expect(checked.controls?.filter(({ outcome }) => outcome !== "failed").map(({ test }) => test)).toEqual([
      "tests/test_numbers.py::test_skipped",
    ]);
    const passing = plain.report.results.filter(({ outcome }) => outcome === "passed").map(({ id }) => id);
    expect(level(checked, passing)).toBe("controlled");
    expect(checked.controls?.filter(({ test }) => test === one)).toHaveLength(3);
  });

  test("leaves the workspace as it was, and gives the same controls for the same seed", async () => {
    const { project, run } = await controlled("controls-python");
    await using _ = project;
    const [first, again] = [await run(3), await run(3)];
    expect(await project.workspace.diff()).toBe("");
    expect(again.controls).toEqual(first.controls);
    expect((await run(4)).controls).not.toEqual(first.controls);
  });

  test("tells a failure as an ordinary run does", async () => {
    const { project, run } = await controlled("controls-python", (text) => text.replace("x * 2", "x * 3"));
    await using _ = project;
    const checked = await run(5, [one]);
    const failure = checked.report.results.find(({ id }) => id === one)?.failure;
    expect(failure).toMatchObject({ file: "tests/test_numbers.py", line: 8 });
    expect(level(checked, [one])).toBe("in-process");
  });

  test("is an ordinary run where a test depends on its name, and says so", async () => {
    const named = `\n\ndef test_own_name():\n    import sys\n    assert sys._getframe().f_code.co_name == "test_own_name"\n`;
    const { project, run } = await controlled("controls-python", (text) =>
      text.includes("class OldStyle") ? text + named : text,
    );
    await using _ = project;
    const checked = await run(6);
    expect(outcomes(checked)).toMatchObject({ test_own_name: "passed", test_one_value: "passed" });
    expect(checked.controls).toBeUndefined();
    expect(checked.level).toBeUndefined();
    expect(checked.uncontrolled).toContain("come out differently");
  });

  test.each(Object.entries(hostile))("does not trust a module that %s", async (_name, source) => {
    const isModule = (text: string) => text.includes("def double(x):\n    return x * 2");
    const { project, run } = await controlled("controls-python", (text) =>
      isModule(text) ? text.replace(honest, source) : text,
    );
    await using _ = project;
    expect(outcomes(await project.run()).test_one_value).toBe("passed");
    const checked = await run(11, [one]);
    expect([checked.level, passedControls(checked as never)]).toEqual(["controlled", expect.arrayContaining([one])]);
    expect(level(checked, [one])).toBe("in-process");
  });
});
