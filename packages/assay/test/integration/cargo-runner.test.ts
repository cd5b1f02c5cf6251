import { describe, expect, test } from "vitest";
import { CargoRunner, classify } from "#oracle";
import { openCompiledProject, outcomesById, whyNotTested } from "../support/compiled-project.ts";

const missing = await whyNotTested("rust-outcomes");
const open = (fixture: string) => openCompiledProject(fixture, (sandbox) => new CargoRunner(sandbox));

describe.skipIf(missing !== undefined)(`CargoRunner${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  test("gives each kind of test its outcome, whatever it prints", { timeout: 180_000 }, async () => {
    await using project = await open("rust-outcomes");
    const run = await project.run({ testMsMax: 3000, shuffleSeed: 3 });
    expect(run.report).toMatchObject({
      complete: true,
      collectionErrors: [],
      runnerVersion: expect.stringMatching(/^cargo 1\./),
    });
    expect(outcomesById(run)).toEqual({
      "lib::tests::fails": "failed",
      "lib::tests::is_ignored": "skipped",
      "lib::tests::passes": "passed",
      "test:outcomes::crashes": "errored",
      "test:outcomes::does_not_panic": "failed",
      "test:outcomes::floods": "passed",
      "test:outcomes::hangs": "timed-out",
      "test:outcomes::leaves_with_success": "errored",
      "test:outcomes::panics": "failed",
      "test:outcomes::panics_as_expected": "passed",
      "test:outcomes::prints_events": "failed",
      "test:outcomes::returns_an_error": "failed",
    });
    const failureOf = (id: string) => run.report.results.find((result) => result.id === id)?.failure;
    expect(failureOf("lib::tests::fails")).toMatchObject({
      type: "Panic",
      actual: "-1",
      expected: "3",
      file: "src/lib.rs",
      line: 22,
    });
    expect(failureOf("test:outcomes::panics")).toMatchObject({ file: "src/lib.rs", line: 8 });
    expect(failureOf("test:outcomes::returns_an_error")?.message).toBe('"no database"');
  });

  test("says what does not compile, once, and classifies it", { timeout: 120_000 }, async () => {
    await using project = await open("rust-broken");
    const { report } = await project.run();
    expect(report).toMatchObject({ complete: true, collected: [] });
    expect(report.collectionErrors).toMatchObject([{ type: "BuildError", file: "src/lib.rs", line: 2 }]);
    expect(classify(report, project)).toMatchObject([{ category: "name", environment: false }]);
  });

  test("runs a selection and tests the candidate's files", { timeout: 120_000 }, async () => {
    await using project = await open("rust-outcomes");
    await project.workspace.apply([{ kind: "update", path: "src/lib.rs", oldStr: "a - b", newStr: "a + b" }]);
    const run = await project.run({ selection: ["lib::tests"] });
    expect(outcomesById(run)).toEqual({
      "lib::tests::fails": "passed",
      "lib::tests::is_ignored": "skipped",
      "lib::tests::passes": "passed",
    });
    expect(run.report.collectionErrors).toEqual([]);
  });

  test("says nothing for a candidate that changed the tests inside its file", { timeout: 120_000 }, async () => {
    await using project = await open("rust-outcomes");
    const edit = {
      kind: "update",
      path: "src/lib.rs",
      oldStr: "assert_eq!(add(1, 2), 3)",
      newStr: "add(1, 2)",
    } as const;
    expect(await project.workspace.apply([edit])).toMatchObject({ kind: "applied" });
    const { report } = await project.run({ selection: ["lib"] });
    expect(report.collectionErrors).toMatchObject([{ type: "ChangedTests", file: "src/lib.rs" }]);
  });
});
