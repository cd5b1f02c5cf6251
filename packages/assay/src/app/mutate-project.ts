import { join } from "node:path";
import { ProjectDetection } from "#oracle";
import { openSandbox } from "#sandbox";
import { type MutantResult, type MutateGoal, type Mutation, mutate } from "#workflows";
import { LayeredWorkspaces } from "#workspace";
import { assayVersion } from "./assay-version.ts";
import { readConfig } from "./config.ts";
import { MutantFile } from "./known-mutants.ts";
import { projectRunners } from "./project-runners.ts";
import { openStateDirectory, statePlaces } from "./state-directory.ts";

export type MutateOptions = {
  signal: AbortSignal;
  /** Tries everything again, whatever earlier runs found out. */
  afresh: boolean;
  onProgress: (text: string) => void;
  onResult: (result: MutantResult) => void;
};

/** Tests a project's tests in the sandbox; nothing of the project is changed. Fails closed without isolation. */
export async function mutateProject(
  directory: string,
  goal: Omit<MutateGoal, "root">,
  { signal, afresh, onProgress, onResult }: MutateOptions,
): Promise<{ mutation: Mutation; root: string }> {
  const { sandbox, overlay } = await openSandbox({ unsafe: false });
  const state = await openStateDirectory(directory);
  const { runner } = await readConfig(state.root);
  const workspaces = new LayeredWorkspaces({ stateDirectory: statePlaces(state).state, overlay });
  const known = await MutantFile.open(join(state.path, "mutants.json"), afresh);
  const tools = {
    workspaces,
    revisions: workspaces,
    detector: new ProjectDetection(runner === undefined ? {} : { runner }),
    runners: projectRunners(sandbox),
    known,
    version: assayVersion(),
    progress: onProgress,
  };
  try {
    const mutation = await mutate(tools, { ...goal, root: state.root }, { signal, onResult });
    return { mutation, root: state.root };
  } finally {
    // What was found out before an interruption is not lost either; to keep it must not hide what went wrong.
    await known.save().catch((error: Error) => onProgress(`what was found out could not be kept: ${error.message}`));
  }
}
