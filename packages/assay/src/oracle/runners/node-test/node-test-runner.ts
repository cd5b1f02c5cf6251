import type { RunTests, Sandbox, Screen, Snapshot, TestRun, TestRunner } from "#ports";
import { isTypeScript } from "../../detect/javascript/file-kinds.ts";
import { type NodeTestPlan, readNodeTestPlan } from "../../detect/javascript/node-test-plan.ts";
import { assetPath } from "../javascript/assets.ts";
import { observe } from "../javascript/observe.ts";
import { selectTests } from "../javascript/select-tests.ts";
import { type ScreenOptions, WarmScreen } from "../javascript/warm-screen.ts";

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

  /** Each test file of a candidate runs in a Node process of its own that was started beforehand; edits may share one. */
  async screen(request: ScreenOptions): Promise<Screen> {
    const plan = await readNodeTestPlan(request.workspace.snapshot);
    const job = { flags: plan.flags, env: {}, typescript: typesFor(plan, request.workspace.snapshot) };
    const command = { runner: this.name, env: plan.env, job, testFiles: plan.files, together: true } as const;
    return WarmScreen.open(this.sandbox, command, request);
  }
}

/** Sources whose types Node itself strips: none where a flag of the project has something else read them. */
function typesFor({ flags }: NodeTestPlan, { files }: Snapshot): string[] {
  const own =
    /^--(?:import|require|loader|experimental-loader|experimental-transform-types|no-experimental-strip-types)/;
  if (flags.some((flag) => own.test(flag))) return [];
  return files.filter((file) => isTypeScript(file) && !file.endsWith(".tsx") && !file.includes("node_modules/"));
}
