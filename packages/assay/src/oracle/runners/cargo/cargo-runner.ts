import type { RunTests, Sandbox, TestRun, TestRunner } from "#ports";
import { compiledEnvironment } from "../compiled/environment.ts";
import { observeDriver } from "../compiled/observe-driver.ts";

const defaultTestMsMax = 60_000;

/**
 * The test binaries that `cargo test --no-run` builds, each test in a process of its own: what a test prints is never its outcome,
 * and one that hangs or crashes takes no other with it. Doc tests, and test targets with a harness of their own, are not covered.
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
      CARGO_TERM_COLOR: "never",
      RUST_BACKTRACE: "0",
    };
    return await observeDriver(this.sandbox, request, {
      runner: this.name,
      env,
      job: {
        cargo: profile.interpreter,
        selection,
        ...(shuffleSeed === undefined ? {} : { shuffleSeed }),
        testMsMax: Math.min(testMsMax, limits.wallMsMax / 2),
      },
    });
  }
}
