import type { RunTests, Sandbox, Screen, Snapshot, TestRun, TestRunner } from "#ports";
import { isOracle } from "../../detect/javascript/file-kinds.ts";
import { findPackage } from "../../detect/javascript/node-modules.ts";
import { assetPath } from "../javascript/assets.ts";
import { keepOptions } from "../javascript/command-options.ts";
import { narrow } from "../javascript/narrow.ts";
import { observe } from "../javascript/observe.ts";
import { readRunnerCommand } from "../javascript/read-command.ts";
import { selectTests } from "../javascript/select-tests.ts";
import { type ScreenOptions, WarmScreen } from "../javascript/warm-screen.ts";
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
    const { env, nodeFlags, args } = await commandOf(workspace.snapshot);
    const installed = await findPackage(profile.root, "vitest");
    const selection = selectTests(workspace.snapshot.files.filter(isOracle), request.selection);
    return observe(this.sandbox, this.name, request, {
      args: [...nodeFlags, assetPath("vitest", "driver.mjs")],
      env,
      job: {
        root: profile.root,
        args,
        vitestVersion: installed?.version,
        wallMsMax: limits.wallMsMax,
        ...narrow(request.selection.length === 0 ? [] : selection),
      },
    });
  }

  /** One vitest that stays alive and forgets, for each candidate, the files it changes; its workers are started ahead, one for each run. */
  async screen(request: ScreenOptions): Promise<Screen> {
    const { snapshot } = request.workspace;
    const { env, args } = await commandOf(snapshot);
    const command = { runner: this.name, env, job: { args }, testFiles: snapshot.files.filter(isOracle) } as const;
    return WarmScreen.open(this.sandbox, command, request);
  }
}

/** What the test script says to vitest. */
async function commandOf(snapshot: Snapshot) {
  const { env, nodeFlags, args } = await readRunnerCommand(snapshot, "vitest");
  const { options, positionals } = keepOptions(args, vitestOptions);
  const files = positionals.filter((word) => word !== "run" && word !== "watch");
  return { env, nodeFlags, args: [...files, ...options] };
}
