import { isAbsolute, join } from "node:path";
import type { RunnerName } from "@assay/sdk";
import {
  CargoRunner,
  GoTestRunner,
  GradleRunner,
  JestRunner,
  MavenRunner,
  NodeTestRunner,
  PytestRunner,
  VitestRunner,
} from "#oracle";
import { homeDirectory, type Sandbox, type TestRunner } from "#ports";

/** One of each, all in the same sandbox. */
export function projectRunners(sandbox: Sandbox): Readonly<Record<RunnerName, TestRunner>> {
  return {
    pytest: new PytestRunner(sandbox),
    "node-test": new NodeTestRunner(sandbox),
    vitest: new VitestRunner(sandbox),
    jest: new JestRunner(sandbox),
    "go-test": new GoTestRunner(sandbox, { cacheDirectory: cacheDirectory() }),
    cargo: new CargoRunner(sandbox),
    maven: new MavenRunner(sandbox),
    gradle: new GradleRunner(sandbox),
  };
}

/** `$XDG_CACHE_HOME/assay`; `~/.cache` where that variable is unset or relative, as XDG asks. */
function cacheDirectory(): string {
  const xdg = process.env.XDG_CACHE_HOME;
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(homeDirectory(), ".cache"), "assay");
}
