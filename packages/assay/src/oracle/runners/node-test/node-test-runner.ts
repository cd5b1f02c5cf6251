import type { RunTests, Sandbox, Screen, TestRun, TestRunner } from "#ports";
import { readNodeTestPlan } from "../../detect/javascript/node-test-plan.ts";
import { assetPath } from "../javascript/assets.ts";
import { observe } from "../javascript/observe.ts";
import { selectTests } from "../javascript/select-tests.ts";
import { NodeTestScreen } from "./node-test-screen.ts";

/**
 * node:test, one process a file as `node --test` has it, seen through the events of its own `TestsStream`.
 * It has no phase of collecting: a test is collected when node:test enqueues it, so a test whose file or suite did not get
 * that far is in neither list, and the file has a collection error instead. Suites are no tests: a set-up or tear-down of a
 * suite that fails is a collection error of its file. A test with subtests counts beside them. `todo` counts as skipped.
 * Ids are `file > suite > name`, and ` #2` for the second of one name.
 */
export class NodeTestRunner implements TestRunner {
  readonly name = "node-test";
  private readonly sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
  }

  async run(request: RunTests): Promise<TestRun> {
    const { profile, workspace, selection, limits, coverage = false } = request;
    const plan = await readNodeTestPlan(workspace.snapshot);
    return observe(this.sandbox, this.name, request, {
      args: [assetPath("node-test", "driver.mjs")],
      env: plan.env,
      job: {
        root: profile.root,
        cwd: profile.root,
        flags: plan.flags,
        env: {},
        coverage,
        sources: coverage ? profile.sourceFiles : [],
        concurrency: plan.concurrency,
        wallMsMax: limits.wallMsMax,
        files: selectTests(plan.files, selection),
      },
    });
  }

  /** Warm processes that try candidates; see `NodeTestScreen`. */
  async screen(request: Omit<RunTests, "selection" | "coverage"> & { testMsMax: number }): Promise<Screen> {
    return NodeTestScreen.open(this.sandbox, await readNodeTestPlan(request.workspace.snapshot), request);
  }
}
