import { describe, expect, test, vi } from "vitest";
import { classify, GradleRunner } from "#oracle";
import { openCompiledProject, outcomesById, whyNotTested } from "../support/compiled-project.ts";
import { thorough } from "../support/depth.ts";
import { prepareGradleCache } from "../support/gradle-cache.ts";

const missing = (await prepareGradleCache()) ?? (await whyNotTested("gradle-outcomes"));
const open = (fixture: string) => openCompiledProject(fixture, (sandbox) => new GradleRunner(sandbox));

describe.skipIf(missing !== undefined)(`GradleRunner${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  test("gives each kind of test its outcome, whatever it prints", { timeout: 180_000 }, async () => {
    await using project = await open("gradle-outcomes");
    const run = await project.run();
    expect(run.report).toMatchObject({ complete: true, collectionErrors: [] });
    expect(outcomesById(run)).toEqual({
      "shop.CalcTest$Inner::isDeep": "passed",
      "shop.CalcTest::fails": "failed",
      "shop.CalcTest::isAssumedAway": "skipped",
      "shop.CalcTest::isIgnored": "skipped",
      "shop.CalcTest::passes": "passed",
      "shop.CalcTest::printsEvents": "failed",
      "shop.CalcTest::raises": "failed",
      "shop.CalcTest::sleeps": "timed-out",
      "shop.EachTest::isSmall[0]": "passed",
      "shop.EachTest::isSmall[1]": "failed",
      "shop.SetUpTest::needsSetUp": "errored",
    });
    const failureOf = (id: string) => run.report.results.find((result) => result.id === id)?.failure;
    expect(failureOf("shop.CalcTest::fails")).toMatchObject({ actual: "-1", expected: "3", line: 18 });
    expect(failureOf("shop.CalcTest::raises")).toMatchObject({ file: "src/main/java/shop/Calc.java", line: 12 });
    expect(classify(run.report, project).map(({ category }) => category)).toContain("lookup");
  });

  test("says what does not compile and classifies it", { timeout: 120_000 }, async () => {
    await using project = await open("gradle-broken");
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

  thorough("holds what was never downloaded against the environment", async () => {
    vi.stubEnv("GRADLE_USER_HOME", "/nowhere");
    await using project = await open("gradle-exit");
    vi.unstubAllEnvs();
    const { report } = await project.run();
    expect(report).toMatchObject({ complete: true, collected: [] });
    expect(classify(report, project)).toMatchObject([{ category: "missing-module", environment: true }]);
  });

  thorough("ends the run at a test that cannot be interrupted", async () => {
    await using project = await open("gradle-hang");
    const run = await project.run({ testMsMax: 2000 });
    expect(run.report.complete).toBe(false);
    expect(outcomesById(run)).toEqual({
      "shop.HangTest::a": "passed",
      "shop.HangTest::b": "timed-out",
      "shop.HangTest::c": "not-run",
    });
  });

  test("does not take an exit with success in the middle of a test for a pass", { timeout: 120_000 }, async () => {
    await using project = await open("gradle-exit");
    const run = await project.run();
    expect(run.report.complete).toBe(false);
    const { "shop.ExitTest::a": before, ...others } = outcomesById(run);
    // Gradle's worker tells of a test when the next one has begun: what passed just before the exit may be lost with it.
    expect([
      ["passed", { "shop.ExitTest::b": "errored", "shop.ExitTest::c": "not-run" }],
      ["errored", { "shop.ExitTest::b": "not-run", "shop.ExitTest::c": "not-run" }],
    ]).toContainEqual([before, others]);
  });

  thorough("misses tests that the build's framework does not know", async () => {
    await using project = await open("gradle-unseen");
    const { report } = await project.run();
    expect(report.results).toMatchObject([{ id: "shop.SeenTest::a", outcome: "passed" }]);
    const file = "src/test/java/shop/UnseenTest.java";
    expect(report.collectionErrors).toMatchObject([{ type: "SetupError", testFile: file }]);
    const { report: selected } = await project.run({ selection: ["shop.SeenTest::a"] });
    expect(selected).toMatchObject({ complete: true, collectionErrors: [] });
  });

  thorough("runs a selection and tests the candidate's files", async () => {
    await using project = await open("gradle-outcomes");
    const path = "src/main/java/shop/Calc.java";
    await project.workspace.apply([{ kind: "update", path, oldStr: "a - b", newStr: "a + b" }]);
    const selection = ["shop.CalcTest::fails", "shop.CalcTest$Inner::isDeep"];
    const run = await project.run({ selection, shuffleSeed: 5 });
    expect(outcomesById(run)).toEqual({ "shop.CalcTest$Inner::isDeep": "passed", "shop.CalcTest::fails": "passed" });
    expect(run.report).toMatchObject({ complete: true, collectionErrors: [] });
    const file = await project.run({ selection: ["src/test/java/shop/SetUpTest.java"] });
    expect(outcomesById(file)).toEqual({ "shop.SetUpTest::needsSetUp": "errored" });
    const one = await project.run({ selection: ["shop.EachTest::isSmall[1]"] });
    expect(outcomesById(one)).toEqual({ "shop.EachTest::isSmall[1]": "failed" });
    const named = await project.run({ selection: ["passes"] });
    expect(outcomesById(named)).toEqual({ "shop.CalcTest::passes": "passed" });
  });

  thorough("names the module of a test, in a build with a part of its own", async () => {
    await using project = await open("gradle-modules");
    expect(project.profile.oracleFiles).toContain("buildSrc/src/main/java/shop/Versions.java");
    const run = await project.run();
    expect(run.report).toMatchObject({ complete: true, collectionErrors: [] });
    expect(outcomesById(run)).toEqual({
      ":app:test > shop.SumTest::adds": "passed",
      ":core:test > shop.SumTest::adds": "failed",
    });
    expect(run.report.results.map(({ file }) => file)).toEqual([
      "app/src/test/java/shop/SumTest.java",
      "core/src/test/java/shop/SumTest.java",
    ]);
    const core = await project.run({ selection: [":core:test > shop.SumTest::adds"] });
    expect(outcomesById(core)).toEqual({ ":core:test > shop.SumTest::adds": "failed" });
  });
});
