import { runInNewContext } from "node:vm";
import type { TestReport } from "@assay/sdk";
import { FaultError, fault } from "#domain";
import type { RunTests, Screen, ScreenOutcome, ScreenRequest, TestRun, TestRunner } from "#ports";

const testMsMax = 150;

/**
 * Runs tests that are JavaScript expressions over the functions of one plain script: really executes candidates, quickly.
 * Not a sandbox: for the tests' own code only.
 */
export class ScriptRunner implements TestRunner {
  readonly name = "node-test";
  /** All candidates tried on screens, in order. */
  readonly tried: ScreenRequest[] = [];
  screensOpened = 0;
  /** Screens die on the candidate whose text matches. */
  deadlyText: string | undefined;
  readonly #script: string;
  readonly #tests: Record<string, string>;
  readonly screen?: NonNullable<TestRunner["screen"]>;

  constructor(script: string, tests: Record<string, string>, options: { screen?: boolean } = {}) {
    this.#script = script;
    this.#tests = tests;
    if (options.screen !== false) this.screen = (request) => this.#open(request);
  }

  async #open(request: Parameters<NonNullable<TestRunner["screen"]>>[0]): Promise<Screen> {
    this.screensOpened += 1;
    const pristine = (await request.workspace.read(this.#script)) ?? "";
    return {
      try: async (wanted) => {
        this.tried.push(wanted);
        const source = wanted.files[this.#script] ?? pristine;
        if (this.deadlyText !== undefined && source.includes(this.deadlyText)) {
          throw new FaultError(fault("sandbox-failed", "the screen's process is gone"));
        }
        return this.#judge(wanted.id, source, wanted.tests);
      },
      [Symbol.asyncDispose]: async () => {},
    };
  }

  async run(request: RunTests): Promise<TestRun> {
    const source = (await request.workspace.read(this.#script)) ?? "";
    const ids = request.selection.length > 0 ? [...request.selection] : Object.keys(this.#tests);
    const report: TestReport = {
      runner: this.name,
      collected: [...ids].sort(),
      results: [...ids].sort().map((id) => {
        const outcome = this.#judge(0, source, [id]);
        const passed = outcome.kind === "passed";
        const failure = { type: "AssertionError", message: outcome.kind, frames: [] };
        return {
          id,
          file: "test.js",
          outcome: passed ? "passed" : "failed",
          durationMs: 1,
          ...(passed ? {} : { failure }),
        };
      }),
      collectionErrors: [],
      complete: true,
    };
    const nothing = { text: "", totalBytes: 0, truncated: false };
    return {
      report,
      written: [],
      termination: { kind: "exited", code: 0 },
      stdout: nothing,
      stderr: nothing,
      isolation: {
        kind: "none",
        uid: 0,
        network: "host",
        seccomp: false,
        memory: "none",
        processes: "none",
        workspace: "copy",
      },
      durationMs: 1,
    };
  }

  #judge(id: number, source: string, tests: readonly string[]): ScreenOutcome {
    for (const test of tests) {
      try {
        const held = runInNewContext(`${source}\n;(${this.#tests[test]})`, {}, { timeout: testMsMax });
        if (held !== true) return { id, kind: "failed", test, failureType: "AssertionError" };
      } catch (error) {
        // Errors of another context are no `Error` of this one.
        const code = (error as { code?: unknown } | undefined)?.code;
        if (code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return { id, kind: "timed-out", test };
        return { id, kind: "failed", test, failureType: String(error) };
      }
    }
    return { id, kind: "passed" };
  }
}
