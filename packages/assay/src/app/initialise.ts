import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defaultHealBudget, FaultError, raise } from "#domain";
import { ProjectDetection } from "#oracle";
import type { ProjectProfile } from "#ports";
import { LayeredWorkspaces } from "#workspace";
import { findConfig } from "./config.ts";
import { openStateDirectory, statePlaces } from "./state-directory.ts";

/**
 * Writes a small configuration from what was detected and returns where, and what was seen. An existing one is kept
 * unless `replace`. Nothing of the project is executed.
 */
export async function initialise(directory: string, replace: boolean): Promise<{ path: string; details: string[] }> {
  const state = await openStateDirectory(directory);
  const existing = await findConfig(state.root);
  if (existing !== undefined && !replace) {
    raise("usage", `${existing} exists already`, "keep it, or replace it with: assay init --force");
  }
  if (existing !== undefined && existing !== "assay.config.toml") {
    raise("usage", `the configuration is ${existing}; init writes assay.config.toml`, `remove ${existing} first`);
  }
  const workspaces = new LayeredWorkspaces({ stateDirectory: statePlaces(state).state, overlay: true });
  const snapshot = await workspaces.snapshot(state.root);
  const detection = await new ProjectDetection().detect(snapshot);
  if (detection.kind === "undetected") throw new FaultError(detection.fault);
  const path = join(state.root, "assay.config.toml");
  await writeFile(path, configText(detection.profile), { flag: replace ? "w" : "wx" }).catch(
    (error: NodeJS.ErrnoException) => raise("tree-not-writable", `cannot write ${path}: ${error.message}`),
  );
  return { path, details: [...detection.profile.details, ...(snapshot.notes ?? [])] };
}

function configText({ runner, sourceFiles, oracleFiles }: ProjectProfile): string {
  return `# Assay's configuration: data, never code. Every line may be left out.
# Detected: ${sourceFiles.length} source files, ${oracleFiles.length} files that decide verdicts and are never changed.
runner = "${runner}"

[budget]
seconds = ${defaultHealBudget.wallMsMax / 1000}
attempts = ${defaultHealBudget.attemptsMax}
`;
}
