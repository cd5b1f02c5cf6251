import { realpathSync } from "node:fs";
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ProposalRequest, ReadOnlyMount } from "#ports";
import type { AgentConfig } from "#proposers";
import { AgentProposer, type AgentProposerOptions } from "#proposers";
import { BubblewrapSandbox } from "#sandbox";
import { LayeredWorkspaces } from "#workspace";
import { scratch } from "./scratch.ts";

const program = fileURLToPath(new URL("../fakes/agents/scripted-agent.mjs", import.meta.url));
const installed = fileURLToPath(import.meta.resolve("@agentclientprotocol/sdk"));
const packages = installed.slice(0, installed.indexOf("/@agentclientprotocol/"));

export const agentFiles = {
  "add.js": "export const add = (a, b) => a - b;\n",
  "test/add.test.js": "import { add } from '../add.js';\n",
  "package.json": '{ "type": "module" }\n',
};
export const failing = "test/add.test.js > adds";

/** The scripted agent as a user would configure it. */
export function scriptedAgent(behaviour: string, ...values: string[]): AgentConfig {
  const mounts = [program, packages];
  return { command: [realpathSync(process.execPath), program, behaviour, ...values], mounts, wallMsMax: 60_000 };
}

/** A project with a bug, and what asks an agent about it. */
export async function agentProject(mounts: readonly ReadOnlyMount[] = []) {
  const space = await scratch();
  await chmod(space.path, 0o755);
  const root = await space.tree("pröject with blanks", agentFiles);
  const state = join(space.path, "state");
  await mkdir(state);
  const workspaces = new LayeredWorkspaces({ stateDirectory: state, overlay: true });
  const snapshot = await workspaces.snapshot(root);
  const failure = { type: "AssertionError", message: "-1 is not 3", frames: [] };
  const request: ProposalRequest = {
    snapshot,
    profile: {
      root,
      language: "javascript",
      runner: "node-test",
      interpreter: process.execPath,
      mounts,
      oracleFiles: ["test/add.test.js"],
      sourceFiles: ["add.js"],
      details: [],
    },
    baseline: { runner: "node-test", collected: [failing], results: [], collectionErrors: [], complete: true },
    failures: [
      {
        category: "assertion",
        tests: [failing],
        failure,
        environment: false,
        fixability: { score: 1, reasons: [] },
        suggestedMethod: "update",
      },
    ],
    targets: [failing],
    guards: [],
    budget: { wallMsMax: 60_000, candidatesMax: 1, attemptsMax: 1 },
  };
  const proposer = (config: AgentConfig, options: Partial<AgentProposerOptions> = {}) =>
    new AgentProposer({
      instance: "scripted",
      config,
      sandbox: new BubblewrapSandbox(),
      workspaces,
      credential: () => undefined,
      graceMsMax: 500,
      ...options,
    });
  return {
    space,
    root,
    state,
    snapshot,
    workspaces,
    request,
    proposer,
    [Symbol.asyncDispose]: () => space[Symbol.asyncDispose](),
  };
}
