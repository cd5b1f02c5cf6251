import type { RunTests, Sandbox, TestRun, TestRunner } from "#ports";
import { isOracle } from "../../detect/javascript/file-kinds.ts";
import { findPackage } from "../../detect/javascript/node-modules.ts";
import { assetPath } from "../javascript/assets.ts";
import { keepOptions } from "../javascript/command-options.ts";
import { narrow } from "../javascript/narrow.ts";
import { observe } from "../javascript/observe.ts";
import { readRunnerCommand } from "../javascript/read-command.ts";
import { selectTests } from "../javascript/select-tests.ts";
import { vitestOptions } from "./vitest-options.ts";

/**
 * The project's own vitest (3 and later) with its own configuration, started through `vitest/node` with a reporter of ours.
 * Watching, coverage and its thresholds are off. Ids are `file > suite > name`. A test whose suite could not be set up, which
 * vitest calls skipped, is `errored`. What fails outside of tests is a collection error. No coverage by test.
 */
export class VitestRunner implements TestRunner {
  readonly name = "vitest";
  private readonly sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
  }

  async run(request: RunTests): Promise<TestRun> {
    const { profile, workspace, limits } = request;
    const command = await readRunnerCommand(workspace.snapshot, this.name);
    const { options, positionals } = keepOptions(command.args, vitestOptions);
    const installed = await findPackage(profile.root, "vitest");
    const selection = selectTests(workspace.snapshot.files.filter(isOracle), request.selection);
    return observe(this.sandbox, this.name, request, {
      args: [...command.nodeFlags, assetPath("vitest", "driver.mjs")],
      env: command.env,
      job: {
        root: profile.root,
        args: [...positionals.filter((word) => word !== "run" && word !== "watch"), ...options],
        vitestVersion: installed?.version,
        wallMsMax: limits.wallMsMax,
        ...narrow(request.selection.length === 0 ? [] : selection),
      },
    });
  }
}
