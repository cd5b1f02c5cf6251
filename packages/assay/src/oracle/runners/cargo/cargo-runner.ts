import type { RunTests, Sandbox, TestRun, TestRunner } from "#ports";
import { cargoHomeTarget } from "../../detect/rust.ts";
import { compiledEnvironment } from "../compiled/environment.ts";
import { observeDriver } from "../compiled/observe-driver.ts";
import { changedInlineTests } from "./changed-inline-tests.ts";

const defaultTestMsMax = 60_000;

/**
 * The test binaries that `cargo test --no-run` builds, each test in a process of its own: what a test prints is never its outcome,
 * and one that hangs or crashes takes no other with it. Doc tests, and test targets with a harness of their own, are not covered.
 * Tests inside a source file must be those of the base: a changed one is a collection error.
 * Ids are `target::path::name`, a target being `lib`, `bin:NAME`, `test:NAME`, with `PACKAGE/` before it in a workspace.
 */
export class CargoRunner implements TestRunner {
  readonly name = "cargo";
  private readonly sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
  }

  async run(request: RunTests): Promise<TestRun> {
    const { profile, selection, shuffleSeed, testMsMax = defaultTestMsMax, limits } = request;
    const env = {
      ...compiledEnvironment(profile),
      CARGO_HOME: "/tmp/cargo",
      CARGO_NET_OFFLINE: "true",
      CARGO_TARGET_DIR: "/tmp/target",
      CARGO_INCREMENTAL: "0",
      // Places in panics need no more, and the target folder is in memory.
      CARGO_PROFILE_DEV_DEBUG: "line-tables-only",
      CARGO_TERM_COLOR: "never",
      RUST_BACKTRACE: "0",
    };
    const changed = await changedInlineTests(profile, request.workspace);
    const run = await observeDriver(this.sandbox, request, {
      runner: this.name,
      env,
      job: {
        cargo: profile.interpreter,
        home: cargoHomeTarget,
        selection,
        ...(shuffleSeed === undefined ? {} : { shuffleSeed }),
        testMsMax: Math.min(testMsMax, limits.wallMsMax / 2),
      },
    });
    return changed.length === 0 ? run : refused(run, changed);
  }
}

/** Nothing is said for a candidate that rewrote the tests in its own file. */
function refused(run: TestRun, changed: readonly string[]): TestRun {
  const errors = changed.map((file) => ({
    type: "ChangedTests",
    message: `the tests inside ${file} are not those of the base`,
    file,
    frames: [],
  }));
  const { report } = run;
  return { ...run, report: { ...report, collectionErrors: [...report.collectionErrors, ...errors] } };
}
