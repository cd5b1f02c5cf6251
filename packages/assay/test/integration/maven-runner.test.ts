import { describe, expect, test } from "vitest";
import { classify, MavenRunner } from "#oracle";
import { openCompiledProject, outcomesById, whyNotTested } from "../support/compiled-project.ts";
import { thorough } from "../support/depth.ts";
import { prepareMavenRepository } from "../support/maven-repository.ts";

const missing = (await prepareMavenRepository()) ?? (await whyNotTested("java-outcomes"));
const open = (fixture: string) => openCompiledProject(fixture, (sandbox) => new MavenRunner(sandbox));

describe.skipIf(missing !== undefined)(`MavenRunner${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  test("gives each kind of test its outcome, whatever it prints", { timeout: 180_000 }, async () => {
    await using project = await open("java-outcomes");
    const run = await project.run({ testMsMax: 3000 });
    expect(run.report).toMatchObject({ complete: true, collectionErrors: [] });
    expect(outcomesById(run)).toEqual({
      "shop.CalcTest$Inner::isDeep": "passed",
      "shop.CalcTest::fails": "failed",
      "shop.CalcTest::isAssumedAway": "skipped",
      "shop.CalcTest::isDisabled": "skipped",
      "shop.CalcTest::isParametrised(int)[1]": "passed",
      "shop.CalcTest::isParametrised(int)[2]": "failed",
      "shop.CalcTest::passes": "passed",
      "shop.CalcTest::printsEvents": "failed",
      "shop.CalcTest::raises": "failed",
      "shop.CalcTest::sleeps": "timed-out",
      "shop.SetUpTest::needsSetUp": "errored",
    });
    const failureOf = (id: string) => run.report.results.find((result) => result.id === id)?.failure;
    expect(failureOf("shop.CalcTest::fails")).toMatchObject({ actual: "-1", expected: "3", line: 22 });
    expect(failureOf("shop.CalcTest::raises")).toMatchObject({ file: "src/main/java/shop/Calc.java", line: 12 });
    const categories = classify(run.report, project).map(({ category }) => category);
    expect(categories.toSorted()).toContain("lookup");
  });

  test("says what does not compile and classifies it", { timeout: 120_000 }, async () => {
    await using project = await open("java-broken");
    const { report } = await project.run();
    expect(report).toMatchObject({ complete: true, collected: [] });
    expect(report.collectionErrors).toMatchObject([
      {
        type: "BuildError",
        message: "cannot find symbol: variable missing",
        file: "src/main/java/shop/Broken.java",
        line: 5,
      },
    ]);
    expect(classify(report, project)).toMatchObject([{ category: "name", environment: false }]);
  });

  thorough("ends the run at a test that cannot be interrupted", async () => {
    await using project = await open("java-hang");
    const run = await project.run({ testMsMax: 2000 });
    expect(run.report.complete).toBe(false);
    expect(outcomesById(run)).toEqual({
      "shop.HangTest::a": "passed",
      "shop.HangTest::b": "timed-out",
      "shop.HangTest::c": "not-run",
    });
  });

  test("does not take an exit with success in the middle of a test for a pass", { timeout: 120_000 }, async () => {
    await using project = await open("java-exit");
    const run = await project.run();
    expect(run.report.complete).toBe(false);
    expect(outcomesById(run)).toEqual({
      "shop.ExitTest::a": "passed",
      "shop.ExitTest::b": "errored",
      "shop.ExitTest::c": "not-run",
    });
  });

  thorough("runs a selection and tests the candidate's files", async () => {
    await using project = await open("java-outcomes");
    const path = "src/main/java/shop/Calc.java";
    await project.workspace.apply([{ kind: "update", path, oldStr: "a - b", newStr: "a + b" }]);
    const selection = ["shop.CalcTest::fails", "shop.CalcTest$Inner::isDeep"];
    const run = await project.run({ selection, shuffleSeed: 5 });
    expect(outcomesById(run)).toEqual({ "shop.CalcTest$Inner::isDeep": "passed", "shop.CalcTest::fails": "passed" });
    expect(run.report.complete).toBe(true);
    const inner = await project.run({ selection: ["shop.CalcTest$Inner::isDeep"] });
    expect(outcomesById(inner)).toEqual({ "shop.CalcTest$Inner::isDeep": "passed" });
    const file = await project.run({ selection: ["src/test/java/shop/SetUpTest.java"] });
    expect(outcomesById(file)).toEqual({ "shop.SetUpTest::needsSetUp": "errored" });
    const several = await project.run({ selection: ["shop.CalcTest::isParametrised(int)[2]"] });
    expect(outcomesById(several)).toEqual({ "shop.CalcTest::isParametrised(int)[2]": "failed" });
  });
});
