import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { attemptName, runId, suiteLimits } from "#domain";
import { detectJavaScript } from "#oracle";
import type { ProjectProfile, RunTests, Sandbox, Snapshot, TestRun, TestRunner, Workspace } from "#ports";
import { BubblewrapSandbox } from "#sandbox";
import { LayeredWorkspaces } from "#workspace";

const repositoryModules = join(import.meta.dirname, "../../../../node_modules");

/** One sandbox for a test file: it is probed once. */
export const sandbox: Sandbox = new BubblewrapSandbox();

/** Why nothing can be run here; undefined when it can. */
export async function withoutSandbox(): Promise<string | undefined> {
  const probe = await sandbox.probe();
  return probe.kind === "available" ? undefined : `no sandbox here: ${probe.fault.message}`;
}

/** A real project on disk with its snapshot and one workspace; everything is removed when it goes out of scope. */
export class JavaScriptProject implements AsyncDisposable {
  readonly root: string;
  readonly snapshot: Snapshot;
  readonly profile: ProjectProfile;
  readonly workspace: Workspace;
  private readonly folder: string;

  private constructor(folder: string, root: string, snapshot: Snapshot, profile: ProjectProfile, workspace: Workspace) {
    this.folder = folder;
    this.root = root;
    this.snapshot = snapshot;
    this.profile = profile;
    this.workspace = workspace;
  }

  /** `modules`: packages of this repository that the project has installed, by links. */
  static async make(
    files: Readonly<Record<string, string>>,
    { name = "project", modules = [] }: { name?: string; modules?: readonly string[] } = {},
  ): Promise<JavaScriptProject> {
    const folder = await mkdtemp(join(tmpdir(), "assay-js-"));
    await chmod(folder, 0o755);
    const root = join(folder, name);
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
    if (modules.length > 0) await mkdir(join(root, "node_modules"), { recursive: true });
    for (const each of modules) await symlink(join(repositoryModules, each), join(root, "node_modules", each));
    const probe = await sandbox.probe();
    const overlay = probe.kind === "available" && probe.isolation.workspace === "overlay";
    const workspaces = new LayeredWorkspaces({ stateDirectory: join(folder, "state"), overlay });
    const snapshot = await workspaces.snapshot(root);
    const detection = await detectJavaScript(snapshot);
    if (detection.kind === "undetected") throw new Error(`undetected: ${detection.fault.message}`);
    const workspace = await workspaces.open(snapshot, attemptName(runId("heal-0000000001"), "test", "1"));
    return new JavaScriptProject(folder, root, snapshot, detection.profile, workspace);
  }

  run(runner: TestRunner, more: Partial<RunTests> = {}): Promise<TestRun> {
    const { profile, workspace } = this;
    return runner.run({ profile, workspace, selection: [], limits: { ...suiteLimits, wallMsMax: 60_000 }, ...more });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.workspace[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Outcome by id. */
export function outcomes({ report }: TestRun): Record<string, string> {
  return Object.fromEntries(report.results.map(({ id, outcome }) => [id, outcome]));
}
