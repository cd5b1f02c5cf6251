import type { TestReport, TestResult } from "@assay/sdk";
import { afterEach, describe, expect, test } from "vitest";
import { attemptName, runId, suiteLimits } from "#domain";
import type { TestRunner } from "#ports";
import { FolderWorkspaces } from "../../../test/fakes/folder-workspaces.ts";
import { ScriptRunner } from "../../../test/fakes/script-runner.ts";
import { RunScreen } from "./run-screen.ts";

const file = "tests/test_pay.py";
let workspaces = new FolderWorkspaces();
afterEach(async () => {
  await workspaces[Symbol.asyncDispose]();
  workspaces = new FolderWorkspaces();
});

/** Tries a candidate on a runner that answers every run with this report. */
async function attempt(report: Partial<TestReport>, tests: readonly string[] = [file]) {
  const snapshot = await workspaces.project({ "pay.js": "" });
  const script = new ScriptRunner("pay.js", { any: "true" });
  const runner: TestRunner = {
    name: "pytest",
    run: async (request) => {
      const run = await script.run(request);
      return { ...run, report: { ...run.report, results: [], collectionErrors: [], ...report } };
    },
  };
  const profile = {
    root: snapshot.root,
    language: "python" as const,
    runner: "pytest" as const,
    interpreter: process.execPath,
    mounts: [],
    oracleFiles: [],
    sourceFiles: ["pay.js"],
    details: [],
  };
  const name = attemptName(runId("test-00000001"), "search", "screen-0");
  const targets = new Set(tests);
  await using screen = new RunScreen({ runner, workspaces, snapshot, profile, limits: suiteLimits, name, targets });
  return (await screen.try({ id: 1, files: {}, tests })).kind;
}

const result = (name: string, outcome: TestResult["outcome"]): TestResult => ({
  id: `${file}::${name}`,
  file,
  outcome,
  durationMs: 1,
});

describe("RunScreen", () => {
  test("takes a file for all of its tests, which may be skipped", async () => {
    expect(await attempt({ results: [result("a", "passed"), result("b", "skipped")] })).toBe("passed");
    expect(await attempt({ results: [result("a", "passed"), result("b", "failed")] })).toBe("failed");
  });

  test("passes no file without tests or with something that cannot be collected", async () => {
    expect(await attempt({ results: [] })).toBe("broken");
    expect(await attempt({ results: [{ ...result("a", "passed"), file: "tests/other.py" }] })).toBe("broken");
    const collectionErrors = [{ type: "Error", message: "no", file: "pay.py", testFile: file, frames: [] }];
    expect(await attempt({ results: [result("a", "passed")], collectionErrors })).toBe("broken");
  });

  test("passes no test that was asked for by its id and skipped, or not seen", async () => {
    expect(await attempt({ results: [result("a", "skipped")] }, [`${file}::a`])).toBe("failed");
    expect(await attempt({ results: [result("a", "skipped")] }, [file, `${file}::a`])).toBe("failed");
    expect(await attempt({ results: [result("a", "passed")] }, [`${file}::b`])).toBe("broken");
  });
});
