import type { Snapshot } from "#ports";
import { readManifest } from "../../detect/javascript/manifest.ts";
import { parseNodeArguments } from "../../detect/javascript/node-flags.ts";
import { readTestCommand } from "../../detect/javascript/test-command.ts";

export type RunnerCommand = {
  args: readonly string[];
  nodeFlags: readonly string[];
  env: Readonly<Record<string, string>>;
};

/** The words that the base revision's test script gives to `tool`; none if it does not run it. */
export async function readRunnerCommand(snapshot: Snapshot, tool: string): Promise<RunnerCommand> {
  const manifest = await readManifest(snapshot);
  const command = manifest === undefined ? undefined : readTestCommand(manifest.scripts);
  if (command?.tool !== tool) return { args: [], nodeFlags: [], env: {} };
  const { NODE_OPTIONS: options = "", ...env } = command.env;
  const more = parseNodeArguments(options.split(/\s+/).filter((word) => word !== "")).flags;
  // Workers inherit options only from the environment.
  const nodeFlags = [...command.nodeFlags, ...more];
  return {
    args: command.args,
    nodeFlags: [],
    env: nodeFlags.length === 0 ? env : { ...env, NODE_OPTIONS: nodeFlags.join(" ") },
  };
}
