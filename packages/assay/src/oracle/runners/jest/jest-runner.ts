import type { RunTests, Sandbox, Screen, TestRun, TestRunner } from "#ports";
import { isOracle } from "../../detect/javascript/file-kinds.ts";
import { findPackage } from "../../detect/javascript/node-modules.ts";
import { assetPath } from "../javascript/assets.ts";
import { keepOptions } from "../javascript/command-options.ts";
import { type NarrowedRun, narrow } from "../javascript/narrow.ts";
import { observe } from "../javascript/observe.ts";
import { readRunnerCommand } from "../javascript/read-command.ts";
import { selectTests } from "../javascript/select-tests.ts";
import { type ScreenOptions, WarmScreen } from "../javascript/warm-screen.ts";
import { jestOptions } from "./jest-options.ts";

/** Forces tests into worker processes, apart from jest's own: it never applies itself (jest 29 and later). */
const inWorkers = "--workerIdleMemoryLimit=64GB";

/**
 * The project's own jest with its own configuration, with a reporter of ours. Watching, coverage and bailing out are off.
 * jest tells of a test when it starts or ends, so a test that its file did not get to is in no list, and the file has a
 * collection error. A failing `beforeAll` fails each of its tests. Ids are `file > suite > name`. No coverage by test.
 */
export class JestRunner implements TestRunner {
  readonly name = "jest";
  private readonly sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
  }

  async run(request: RunTests): Promise<TestRun> {
    const { profile, workspace, limits } = request;
    const command = await readRunnerCommand(workspace.snapshot, this.name);
    const { options, positionals } = keepOptions(command.args, jestOptions);
    const version = (await findPackage(profile.root, "jest"))?.version;
    const tests = workspace.snapshot.files.filter(isOracle);
    const narrowed = narrow(request.selection.length === 0 ? [] : selectTests(tests, request.selection));
    const own = options.filter((option) => narrowed.pattern === undefined || !option.startsWith("--testNamePattern"));
    return observe(this.sandbox, this.name, request, {
      args: [...command.nodeFlags, assetPath("jest", "driver.mjs")],
      env: { NODE_ENV: "test", ...command.env },
      job: {
        root: profile.root,
        jestVersion: version,
        wallMsMax: limits.wallMsMax,
        selection: narrowed.selection,
        args: [...own, ...fixedOptions(version ?? ""), ...files(narrowed, positionals)],
      },
    });
  }

  /** Each candidate in a process of its own that has jest in memory before the candidate is known; its tests run in that process. */
  async screen(request: ScreenOptions): Promise<Screen> {
    const { profile, workspace } = request;
    const { snapshot } = workspace;
    const { env, nodeFlags, args } = await readRunnerCommand(snapshot, this.name);
    // What runs is named for each candidate.
    const options = keepOptions(args, jestOptions).options.filter((option) => !notForScreens.test(option));
    const version = (await findPackage(profile.root, "jest"))?.version ?? "";
    const own = fixedOptions(version).filter((option) => option !== inWorkers);
    return await WarmScreen.open(
      this.sandbox,
      {
        runner: this.name,
        env: { NODE_ENV: "test", ...env, ...(nodeFlags.length === 0 ? {} : { NODE_OPTIONS: nodeFlags.join(" ") }) },
        job: { args: [...options, ...own, "--runInBand"] },
        testFiles: snapshot.files.filter(isOracle),
      },
      request,
    );
  }
}

const notForScreens = /^--(?:testNamePattern|maxWorkers|runInBand)/;

function fixedOptions(version: string): string[] {
  return [
    "--ci",
    "--watchAll=false",
    "--watch=false",
    "--coverage=false",
    "--bail=0",
    "--passWithNoTests",
    "--cacheDirectory=/tmp/jest",
    "--watchman=false",
    ...(Number.parseInt(version, 10) >= 29 ? [inWorkers] : []),
  ];
}

function files({ filters, pattern }: NarrowedRun, positionals: readonly string[]): string[] {
  if (filters.length === 0) return [...positionals];
  return [...(pattern === undefined ? [] : [`--testNamePattern=${pattern}`]), "--runTestsByPath", ...filters];
}
