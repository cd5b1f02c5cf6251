import type { Fault } from "@assay/sdk";
import { fault } from "#domain";
import type { Detection, ProjectProfile, Snapshot } from "#ports";
import { chooseRunner } from "./javascript/choose-runner.ts";
import { missingDependency } from "./javascript/dependencies.ts";
import { isCode, isConfiguration, isOracle, isTypeScript } from "./javascript/file-kinds.ts";
import { nodeInterpreter } from "./javascript/interpreter.ts";
import { readManifest } from "./javascript/manifest.ts";
import { findNodeModules, mountNodeModules } from "./javascript/node-modules.ts";
import { namedInConfiguration } from "./javascript/runner-configuration.ts";

/**
 * Finds out how a JavaScript or TypeScript project is tested, from package.json, configuration files, imports and the
 * installed packages. Reads only. `testPaths`: further files and folders that belong to the tests, project-relative. Undetected with `not-a-project` (no JavaScript), `no-tests`, `oracle-unavailable` (a runner
 * that is not supported, tests that need a build) or `dependency-missing`; raises `config-invalid` for a broken package.json.
 */
export async function detectJavaScript(snapshot: Snapshot, testPaths: readonly string[] = []): Promise<Detection> {
  const code = snapshot.files.filter(isCode);
  const manifest = await readManifest(snapshot);
  if (manifest === undefined && code.length === 0) {
    return undetected(fault("not-a-project", "There is no package.json and no JavaScript or TypeScript source."));
  }
  const choice = await chooseRunner(snapshot, manifest);
  if (choice.kind === "none") return undetected(choice.fault);
  if (snapshot.files.includes(".pnp.cjs") || snapshot.files.includes(".pnp.js")) {
    return undetected(
      fault(
        "oracle-unavailable",
        "The project uses Yarn Plug'n'Play, which the sandbox cannot read.",
        "Set `nodeLinker: node-modules` in .yarnrc.yml and run `yarn install`.",
      ),
    );
  }
  const missing = await missingDependency(snapshot, manifest, choice);
  if (missing !== undefined) return undetected(missing);

  const named = new Set([...choice.testFiles, ...(await namedInConfiguration(snapshot))]);
  const given = testPaths.map((path) => path.replace(/\/+$/, ""));
  const isGiven = (file: string) => given.some((path) => file === path || file.startsWith(`${path}/`));
  const oracleFiles = snapshot.files.filter((file) => isOracle(file) || named.has(file) || isGiven(file));
  const oracle = new Set(oracleFiles);
  const sourceFiles = code.filter((file) => !oracle.has(file) && !isConfiguration(file));
  const typescript = snapshot.files.includes("tsconfig.json") || code.some(isTypeScript);
  const folders = await findNodeModules(snapshot);
  const node = await nodeInterpreter();
  const profile: ProjectProfile = {
    root: snapshot.root,
    language: typescript ? "typescript" : "javascript",
    runner: choice.runner,
    interpreter: node.path,
    mounts: [...node.mounts, ...(await mountNodeModules(snapshot, folders))],
    oracleFiles,
    sourceFiles,
    details: [
      ...choice.details,
      `Node ${node.version} runs the tests${manifest?.engines.node === undefined ? "" : ` (package.json asks for ${manifest.engines.node})`}.`,
      dependencies(folders.length),
    ],
  };
  return { kind: "detected", profile };
}

function dependencies(folders: number): string {
  if (folders === 0) return "There are no installed dependencies.";
  return `Dependencies come from ${folders} node_modules folder${folders === 1 ? "" : "s"}.`;
}

function undetected(value: Fault): Detection {
  return { kind: "undetected", fault: value };
}
