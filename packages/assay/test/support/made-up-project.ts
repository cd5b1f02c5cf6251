import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestReport } from "@assay/sdk";
import { Engine, type EngineOptions } from "#engine";
import type { Panel, RunTests, Sandbox, TestRun, TestRunner } from "#ports";
import { InOrderRouter } from "#proposers";
import { loadSigner, type Signer } from "#receipt";
import { MemoryBlobs, MemoryJournal, ProcessOwners } from "#store";
import { type HealGoal, type HealTools, healWorkflow } from "#workflows";
import { LayeredWorkspaces } from "#workspace";
import { madeUpIsolation } from "./made-up-isolation.ts";

const output = { text: "", totalBytes: 0, truncated: false };

/** Its one test is green where `a.py` says good; it reads the workspace as a real runner would, and needs no sandbox. */
const runner: TestRunner = {
  name: "pytest",
  async run({ workspace }: RunTests): Promise<TestRun> {
    const good = ((await workspace.read("a.py")) ?? "").includes("good");
    const failure = { type: "AssertionError", message: "it is bad", file: "a.py", line: 1, frames: [] };
    const common = { id: "test_a", file: "test_a.py", durationMs: 1 };
    const report: TestReport = {
      runner: "pytest",
      collected: ["test_a"],
      results: [good ? { ...common, outcome: "passed" } : { ...common, outcome: "failed", failure }],
      collectionErrors: [],
      complete: true,
    };
    const termination = { kind: "exited", code: 0 } as const;
    return {
      report,
      termination,
      stdout: output,
      stderr: output,
      isolation: madeUpIsolation,
      written: [],
      durationMs: 5,
    };
  },
};

/** A small project in a folder, with the real engine and workflow over it, a journal in memory, and a panel of one's own. */
export async function madeUpProject(
  panel: (parts: PanelParts) => Panel["proposers"],
  goal: Partial<HealGoal> = {},
  {
    attestation,
    signer,
    ...parts
  }: Pick<EngineOptions, "queue"> &
    Pick<HealTools, "attestation"> & { signer?: () => Promise<Signer | undefined> } = {},
) {
  const space = await mkdtemp(join(tmpdir(), "assay-made-up-"));
  const root = join(space, "project");
  const state = join(space, "state");
  await mkdir(root);
  await writeFile(join(root, "a.py"), "a = bad\n");
  await writeFile(join(root, "test_a.py"), "tests\n");
  const blobs = new MemoryBlobs();
  const workspaces = new LayeredWorkspaces({ stateDirectory: state, overlay: true });
  const profile = {
    root,
    language: "python" as const,
    runner: "pytest" as const,
    interpreter: "/usr/bin/python3",
    mounts: [],
    oracleFiles: ["test_a.py"],
    sourceFiles: ["a.py"],
    details: [],
  };
  const ended = {
    termination: { kind: "exited", code: 0 },
    stdout: output,
    stderr: output,
    channel: [],
    durationMs: 1,
  };
  const tools: HealTools = {
    assayVersion: "0",
    sandbox: { execute: async () => ({ ...ended, isolation: madeUpIsolation }) } as unknown as Sandbox,
    workspaces,
    detector: { detect: async () => ({ kind: "detected", profile }) },
    runners: {
      pytest: runner,
      "node-test": runner,
      vitest: runner,
      jest: runner,
      "go-test": runner,
      cargo: runner,
      maven: runner,
      gradle: runner,
    },
    panel: async () => ({ proposers: panel({ state, workspaces, blobs }), router: new InOrderRouter() }),
    blobs,
    ...(attestation === undefined ? {} : { attestation }),
    signer: async () => (await signer?.()) ?? loadSigner({ HOME: space }),
    directories: { runs: join(space, "runs"), checklist: join(space, "checklist.json") },
    progress: () => undefined,
  };
  const workflow = healWorkflow(tools);
  const engine = new Engine({
    ...parts,
    journal: new MemoryJournal(),
    blobs,
    owners: new ProcessOwners(),
    assayVersion: "0",
    workflows: [workflow] as never,
  });
  return {
    root,
    blobs,
    engine,
    start: () =>
      engine.start(workflow, { kind: "heal", root, tests: [], apply: false, minLevel: "in-process", ...goal }),
    source: () => readFile(join(root, "a.py"), "utf8"),
    [Symbol.asyncDispose]: () => rm(space, { recursive: true, force: true }),
  };
}

export type PanelParts = { state: string; workspaces: LayeredWorkspaces; blobs: MemoryBlobs };
