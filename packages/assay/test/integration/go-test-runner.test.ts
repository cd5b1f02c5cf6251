import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { classify, GoTestRunner } from "#oracle";
import { openCompiledProject, outcomesById, whyNotTested } from "../support/compiled-project.ts";
import { scratch } from "../support/scratch.ts";

const missing = await whyNotTested("go-outcomes");
const cache = await scratch();
const open = () =>
  openCompiledProject("go-outcomes", (sandbox) => new GoTestRunner(sandbox, { cacheDirectory: cache.path }));

describe.skipIf(missing !== undefined)(`GoTestRunner${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  test("gives each kind of test its outcome, whatever it prints, and goes on behind a panic and a limit", {
    timeout: 180_000,
  }, async () => {
    await using project = await open();
    const run = await project.run({ testMsMax: 3000 });
    expect(run.report).toMatchObject({
      complete: true,
      runner: "go-test",
      runnerVersion: expect.stringMatching(/^1\./),
    });
    expect(outcomesById(run)).toEqual({
      "calc::ExampleAdd": "passed",
      "calc::TestFails": "failed",
      "calc::TestFloods": "errored",
      "calc::TestForgesAnothersEvents": "errored",
      "calc::TestForgesEvents": "failed",
      "calc::TestLeavesWithSuccess": "errored",
      "calc::TestNeverRuns": "errored",
      "calc::TestPanics": "failed",
      "calc::TestPasses": "passed",
      "calc::TestPrintsEvents": "failed",
      "calc::TestSkipped": "skipped",
      "calc::TestSubtests": "failed",
      "calc::TestSubtests/one_two": "passed",
      "calc::TestSubtests/three": "failed",
      "hang::TestAfter": "passed",
      "hang::TestBefore": "passed",
      "hang::TestHangs": "timed-out",
      "setup::TestNeedsSetup": "errored",
    });
    expect(run.report.collectionErrors).toMatchObject([
      {
        type: "BuildError",
        message: "undefined: missing",
        file: "broken/broken.go",
        line: 3,
        testFile: "broken/broken_test.go",
      },
    ]);
    const failureOf = (id: string) => run.report.results.find((result) => result.id === id)?.failure;
    expect(failureOf("calc::TestFails")).toMatchObject({ actual: "-1", expected: "3", line: 27 });
    expect(failureOf("calc::TestPanics")).toMatchObject({ type: "Panic", file: "calc/calc.go", line: 7 });
    const categories = classify(run.report, project).map(({ category, failure }) => [
      failure.message.slice(0, 22),
      category,
    ]);
    expect(categories).toContainEqual(["undefined: missing", "name"]);
    expect(categories).toContainEqual(["runtime error: index o", "lookup"]);
    expect(categories).toContainEqual(["Add(1, 2) = -1, want 3", "assertion"]);
  });

  test("runs a selection of tests, of subtests and of files, in a shuffled order too", {
    timeout: 120_000,
  }, async () => {
    await using project = await open();
    const one = await project.run({ selection: ["calc::TestSubtests/three", "calc::TestPasses"], shuffleSeed: 7 });
    expect(outcomesById(one)).toEqual({ "calc::TestPasses": "passed", "calc::TestSubtests/three": "failed" });
    expect(one.report.complete).toBe(true);
    const file = await project.run({ selection: ["setup/setup_test.go"] });
    expect(file.report.collected).toEqual(["setup::TestNeedsSetup"]);
  });

  test("tests the candidate's files, not the project's", { timeout: 120_000 }, async () => {
    await using project = await open();
    const edit = { kind: "update", path: "calc/calc.go", oldStr: "a - b", newStr: "a + b" } as const;
    expect(await project.workspace.apply([edit])).toMatchObject({ kind: "applied" });
    const run = await project.run({ selection: ["calc::TestFails"] });
    expect(outcomesById(run)).toEqual({ "calc::TestFails": "passed" });
  });

  test("keeps what was compiled of the standard library where no test's sandbox can write", {
    timeout: 120_000,
  }, async () => {
    await using project = await open();
    await project.run({ selection: ["calc::TestPasses"] });
    const folder = join(cache.path, "go-build");
    const before = await filesIn(folder);
    expect(before.length).toBeGreaterThan(100);
    const hostile =
      'package calc\nimport ("os"; "testing")\nfunc TestPoisons(t *testing.T) { if os.WriteFile("/opt/assay/go-build/x", nil, 0o644) == nil { t.Fatal("written") } }\n';
    await project.workspace.apply([{ kind: "rewrite", path: "calc/poison_test.go", content: hostile }]);
    expect(outcomesById(await project.run({ selection: ["calc::TestPoisons"] }))).toEqual({
      "calc::TestPoisons": "passed",
    });
    expect(await filesIn(folder)).toEqual(before);
  });
});

async function filesIn(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).sort();
}
