import { describe, expect, test } from "vitest";
import { classify } from "#oracle";
import { inlinePytest } from "../support/inline-pytest.ts";
import { openPytestProject, outcomes, testLimits, whyNoPytest } from "../support/pytest-project.ts";

const missing = await whyNoPytest();
const title = `PytestRunner${missing === undefined ? "" : ` (skipped: ${missing})`}`;

describe.skipIf(missing !== undefined)(title, () => {
  test("gives each kind of test its outcome", async () => {
    await using project = await openPytestProject("pytest-outcomes");
    const run = await project.run();
    expect(run.termination).toEqual({ kind: "exited", code: 1 });
    expect(run.report.complete).toBe(true);
    expect(outcomes(run)).toEqual({
      test_passes: "passed",
      test_fails: "failed",
      test_raises: "failed",
      test_setup_errors: "errored",
      test_teardown_errors: "errored",
      test_skipped: "skipped",
      test_expected_failure: "skipped",
      test_unexpected_pass: "passed",
      test_strict_unexpected_pass: "failed",
      "test_parametrised[2]": "passed",
      "test_parametrised[3]": "failed",
      "test_parametrised[a b]": "passed",
      "test_parametrised[\\xe9]": "passed",
      "TestClass::test_equal": "failed",
      "TestClass::test_subtests": "failed",
      test_exits: "failed",
    });
  });

  test("says why a test failed, where, and what was expected", async () => {
    await using project = await openPytestProject("pytest-outcomes");
    const { report } = await project.run();
    const failureOf = (name: string) => report.results.find(({ id }) => id.endsWith(`::${name}`))?.failure;
    expect(failureOf("test_fails")).toMatchObject({
      type: "AssertionError",
      file: "tests/test_outcomes.py",
      actual: "-1",
      expected: "3",
    });
    expect(failureOf("test_equal")).toMatchObject({ actual: "3", expected: "7" });
    expect(failureOf("test_raises")).toMatchObject({
      type: "ValueError",
      message: "odd",
      file: "calc/core.py",
      line: 10,
      frames: [
        { file: "calc/core.py", line: 10, function: "half" },
        { file: "tests/test_outcomes.py", function: "test_raises" },
      ],
    });
  });

  test("gives the same ids and outcomes again", async () => {
    await using project = await openPytestProject("pytest-outcomes");
    const [first, second] = [await project.run(), await project.run()];
    expect(outcomes(second)).toEqual(outcomes(first));
  });

  test("runs a selection of ids, of files, and of thousands of ids", async () => {
    await using project = await openPytestProject("pytest-outcomes");
    const file = "tests/test_outcomes.py";
    const ids = [`${file}::test_parametrised[a b]`, `${file}::TestClass::test_equal`];
    expect((await project.run({ selection: ids })).report.collected.toSorted()).toEqual(ids.toSorted());
    expect((await project.run({ selection: [`${file}::TestClass`] })).report.collected).toHaveLength(2);
    const many = Array.from({ length: 3000 }, (_, index) => `${file}::test_parametrised[${index}]`);
    const { report } = await project.run({ selection: many });
    expect(report.collected).toEqual([`${file}::test_parametrised[2]`, `${file}::test_parametrised[3]`]);
    expect(report.complete).toBe(true);
  });

  test("says so when a selector names nothing", async () => {
    await using project = await openPytestProject("pytest-outcomes");
    const { report } = await project.run({ selection: ["tests/test_absent.py"] });
    expect(report.complete).toBe(false);
    expect(report.collectionErrors[0]?.message).toContain("test_absent.py");
  });

  test("tells which lines of source each test executed", async () => {
    await using project = await openPytestProject("pytest-outcomes");
    const { coverage } = await project.run({ coverage: true });
    expect(coverage?.["tests/test_outcomes.py::test_raises"]).toEqual({ "calc/core.py": [9, 10] });
    expect(coverage?.["tests/test_outcomes.py::test_passes"]).toEqual({ "calc/core.py": [9, 11] });
    expect(coverage?.["tests/test_outcomes.py::test_skipped"]).toEqual({});
  });

  test("tells what kinds of values variables had, where they had one", async () => {
    await using project = await inlinePytest({
      "pytest.ini": "[pytest]\n",
      "core.py": [
        "import functools",
        "def total(items, rate, more=None):",
        "    result = sum(items) * rate",
        "    return result",
        "",
        "@functools.cache",
        "def named(name):",
        "    both = name if name else 1",
        "    return both",
      ].join("\n"),
      "test_core.py":
        "from core import *\ndef test_it(): assert total([1], 2) + total((2,), 1.5, {1}) and named('a') and named('')\n",
    });
    const { kinds } = await project.runner.run(project.request({ coverage: true }));
    // `more` had a value once only, and none is of no kind; `both` had two kinds.
    expect(kinds).toEqual({
      "core.py": {
        "2": { items: "list", rate: "number", more: "set", result: "number" },
        "6": { name: "string" },
      },
    });
  });

  test("reports files that cannot be collected beside the tests that can, and classifies why", async () => {
    await using project = await openPytestProject("pytest-imports");
    const { report } = await project.run();
    expect(report.results.map(({ id, outcome }) => [id, outcome])).toEqual([
      ["tests/test_healthy.py::test_total", "passed"],
    ]);
    expect(report.collectionErrors.map(({ testFile }) => testFile).sort()).toEqual([
      "tests/test_missing_module.py",
      "tests/test_missing_name.py",
      "tests/test_syntax.py",
      "tests/test_third_party.py",
    ]);
    const classified = Object.fromEntries(
      classify(report, project).map(({ failure, category, environment }) => [failure.file, { category, environment }]),
    );
    expect(classified).toEqual({
      "tests/test_syntax.py": { category: "syntax", environment: false },
      "tests/test_third_party.py": { category: "missing-module", environment: true },
      "tests/test_missing_name.py": { category: "missing-name", environment: false },
      "tests/test_missing_module.py": { category: "missing-module", environment: false },
    });
  });

  test("names each file that has tests when pytest cannot even start", async () => {
    await using project = await inlinePytest({
      "pytest.ini": "[pytest]\n",
      "core.py": "def total(a:\n    return a\n",
      "conftest.py": "import core\n",
      "test_core.py": "def test_total(): assert True\n",
      "tests/test_more.py": "class TestMore:\n    def test_it(self): assert True\n",
      "tests/test_tools.py": "tool = 1\n",
    });
    const { report } = await project.runner.run(project.request());
    expect(report.collected).toEqual([]);
    expect(report.collectionErrors).toMatchObject(
      ["test_core.py", "tests/test_more.py"].map((testFile) => ({ type: "SyntaxError", file: "core.py", testFile })),
    );
  });

  test("ends a test that loops and goes on with the next", async () => {
    await using project = await openPytestProject("pytest-hang");
    const run = await project.run({ selection: ["test_loop.py"], limits: { ...testLimits, wallMsMax: 10_000 } });
    expect(outcomes(run)).toEqual({ test_loops_and_swallows: "timed-out", test_after_the_loop: "passed" });
    expect(run.report.complete).toBe(true);
  });

  test("names the running test when the wall clock ends the run", async () => {
    await using project = await openPytestProject("pytest-hang");
    const run = await project.run({ selection: ["test_hang.py"], limits: { ...testLimits, wallMsMax: 8000 } });
    expect(run.termination.kind).toBe("timed-out");
    expect(run.report.complete).toBe(false);
    expect(outcomes(run)).toEqual({
      test_first: "passed",
      test_hangs_where_no_signal_reaches: "timed-out",
      test_last: "not-run",
    });
  });

  test("does not take an exit with success in the middle of a test for a pass", async () => {
    await using project = await openPytestProject("pytest-exit");
    const run = await project.run();
    expect(run.termination).toEqual({ kind: "exited", code: 0 });
    expect(run.report.complete).toBe(false);
    expect(outcomes(run)).toEqual({ test_first: "passed", test_leaves_with_success: "errored", test_last: "not-run" });
  });

  test("is not disturbed by much output, nor by writes to descriptors", async () => {
    await using project = await openPytestProject("pytest-flood");
    const run = await project.run();
    expect(run.report.complete).toBe(true);
    expect(outcomes(run)).toEqual({
      test_floods: "passed",
      test_writes_to_every_descriptor: "passed",
      test_fails_after_much_output: "failed",
    });
  });

  test("runs sources with CRLF line ends", async () => {
    await using project = await openPytestProject("pytest-outcomes", (text) => text.replaceAll("\n", "\r\n"));
    const run = await project.run();
    expect(run.report.complete).toBe(true);
    expect(outcomes(run).test_passes).toBe("passed");
    expect(run.report.results.find(({ id }) => id.endsWith("test_raises"))?.failure?.line).toBe(10);
  });

  test("does not let a folder of the project stand in for pytest", async () => {
    await using project = await openPytestProject("pytest-src-layout");
    const forged = "raise SystemExit(0)\n";
    const paths = ["src/pytest.py", "src/_pytest.py", "src/sitecustomize.py", "pytest.py", "assay_channel.py"];
    const edits = paths.map((path) => ({ kind: "rewrite" as const, path, content: forged }));
    expect(await project.workspace.apply(edits)).toMatchObject({ kind: "applied" });
    const { report } = await project.run();
    expect(report.runnerVersion).toMatch(/^\d/);
    expect(report.results[0]?.outcome).not.toBe("passed");
  });

  test("finds a package under src that is not installed", async () => {
    await using project = await openPytestProject("pytest-src-layout");
    expect(project.profile.details.join(" ")).toContain("Python's path");
    const { report } = await project.run();
    expect(report.results[0]?.failure?.expected).toBe("'Hello, Ada'");
  });
});
