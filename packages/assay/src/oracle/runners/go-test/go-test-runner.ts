import { dirname, join } from "node:path";
import type { RunTests, Sandbox, TestRun, TestRunner } from "#ports";
import { goModulesTarget } from "../../detect/go.ts";
import { compiledEnvironment } from "../compiled/environment.ts";
import { observeDriver } from "../compiled/observe-driver.ts";
import { GoBuildCache, goCacheTarget } from "./build-cache.ts";

/** A test binary may run this long; `go test` says so itself where it is left out. */
const binaryMsMax = 10 * 60_000;

/**
 * `go test -json`, a module at a time. Collected are the functions that the test files of the pristine sources declare, read
 * and not asked of the binary; subtests count when they begin. A package whose process ended before all its tests were answered
 * (a panic, a limit) is run again with those that are left. Ids are `folder::TestName/subtest`, `.` for the root's package.
 */
export class GoTestRunner implements TestRunner {
  readonly name = "go-test";
  private readonly sandbox: Sandbox;
  private readonly cache: GoBuildCache | undefined;

  /** `cacheDirectory`: a folder of the user's for what was compiled of dependencies; without it they are compiled each time. */
  constructor(sandbox: Sandbox, { cacheDirectory }: { cacheDirectory?: string } = {}) {
    this.sandbox = sandbox;
    this.cache = cacheDirectory === undefined ? undefined : new GoBuildCache(sandbox, join(cacheDirectory, "go-build"));
  }

  async run(request: RunTests): Promise<TestRun> {
    const { profile, workspace, selection, shuffleSeed, testMsMax = binaryMsMax, limits } = request;
    const hasModules = profile.mounts.some(({ target }) => target === goModulesTarget);
    const env = {
      ...compiledEnvironment(profile),
      GOPROXY: "off",
      GOSUMDB: "off",
      GOTOOLCHAIN: "local",
      GOTELEMETRY: "off",
      GOENV: "off",
      GOFLAGS: "-buildvcs=false",
      GOCACHE: "/tmp/go-build",
      GOPATH: "/tmp/go",
      ...(hasModules ? { GOMODCACHE: goModulesTarget } : {}),
    };
    const cache = await this.cache?.folderFor(profile, workspace.snapshot, env);
    return await observeDriver(this.sandbox, request, {
      runner: this.name,
      env,
      mounts: cache === undefined ? [] : [{ source: cache, target: goCacheTarget }],
      job: {
        ...(cache === undefined ? {} : { cache: goCacheTarget }),
        modules: modulesIn(workspace.snapshot.files),
        selection,
        ...(shuffleSeed === undefined ? {} : { shuffleSeed }),
        binaryMsMax: Math.min(testMsMax, limits.wallMsMax / 2),
      },
    });
  }
}

const elsewhere = /(?:^|\/)(?:vendor|testdata|[._][^/]*)\//;

/** Folders of modules, the root's first; `go test ./...` does not go from one into another. */
export function modulesIn(files: readonly string[]): string[] {
  return files
    .filter((file) => /(?:^|\/)go\.mod$/.test(file) && !elsewhere.test(file))
    .map((file) => dirname(file))
    .sort((a, b) => (a === "." ? -1 : b === "." ? 1 : a < b ? -1 : 1));
}
