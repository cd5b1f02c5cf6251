import { ProjectDetection } from "#oracle";
import { openSandbox } from "#sandbox";
import { type Audit, audit, type CheatResult } from "#workflows";
import { LayeredWorkspaces } from "#workspace";
import { readConfig } from "./config.ts";
import { openStateDirectory, statePlaces } from "./state-directory.ts";

export type AuditOptions = {
  signal: AbortSignal;
  onProgress: (text: string) => void;
  onResult: (result: CheatResult) => void;
};

/** Audits a project's test command in the sandbox; nothing of the project is changed. Fails closed without isolation. */
export async function auditProject(
  directory: string,
  command: readonly [string, ...string[]],
  { signal, onProgress, onResult }: AuditOptions,
): Promise<Audit> {
  const { sandbox, overlay } = await openSandbox({ unsafe: false });
  const state = await openStateDirectory(directory);
  const { runner } = await readConfig(state.root);
  const workspaces = new LayeredWorkspaces({ stateDirectory: statePlaces(state).state, overlay });
  const detector = new ProjectDetection(runner === undefined ? {} : { runner });
  return await audit({ sandbox, workspaces, detector, progress: onProgress }, state.root, command, {
    signal,
    onResult,
  });
}
