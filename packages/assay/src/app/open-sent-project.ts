import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Budget, FaultError, type RunId, raise, runId } from "#domain";
import { ProjectDetection } from "#oracle";
import type { ProjectProfile, Snapshot } from "#ports";
import { FileBlobs } from "#store";
import type { HealTools } from "#workflows";
import { startBudget } from "./budgets.ts";
import { readConfig } from "./config.ts";
import { statePlaces } from "./state-directory.ts";
import type { UserConfig } from "./user-config.ts";
import { workflowTools } from "./workflow-tools.ts";

/** A file as somebody sent it; `path` is within the project, POSIX. */
export type SentFile = { path: string; content: Uint8Array; executable: boolean };

export type SentProjectOptions = {
  /** A folder of this machine whose installed dependencies the tests may use. */
  environment?: string | undefined;
  /** Whose models and agents may be asked. Default: nobody's. */
  user?: UserConfig;
};

/** A project that came in pieces, in a folder of its own that is gone when it is disposed of. */
export type SentProject = {
  /** Names this work. */
  run: RunId;
  tools: HealTools;
  snapshot: Snapshot;
  profile: ProjectProfile;
  /** What may be spent on it, as the user of this machine has it. */
  budget: Budget;
} & AsyncDisposable;

/**
 * Lays the files out and finds out how they are tested, executing nothing. Throws a `FaultError`: `not-a-project`, `no-isolation`, `workspace-failed`.
 */
export async function openSentProject(
  files: readonly SentFile[],
  { environment, user = {} }: SentProjectOptions = {},
): Promise<SentProject> {
  const folder = await mkdtemp(join(tmpdir(), "assay-work-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const root = join(folder, "project");
    await mkdir(root);
    for (const file of files) await layOut(root, file);
    const places = statePlaces({ root, path: join(folder, "state"), inProject: false });
    // A configuration that came with the files is theirs: only where nothing else was said does it choose the runner.
    const tools = await workflowTools({
      places,
      blobs: new FileBlobs(places.blobs),
      config: await readConfig(root),
      user,
      pricesNeeded: user.budget?.usd !== undefined,
    });
    const snapshot = await tools.workspaces.snapshot(root);
    const detector =
      environment === undefined ? tools.detector : new ProjectDetection({ environmentRoot: environment });
    const detection = await detector.detect(snapshot);
    if (detection.kind === "undetected") throw new FaultError(detection.fault);
    const run = runId(`work-${randomBytes(6).toString("hex")}`);
    const budget = startBudget({}, {}, user, "heal");
    return { run, tools, snapshot, profile: detection.profile, budget, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function layOut(root: string, { path, content, executable }: SentFile): Promise<void> {
  const place = join(root, ...path.split("/"));
  try {
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, content, { flag: "wx", mode: executable ? 0o755 : 0o644 });
  } catch (error) {
    raise("workspace-failed", `${path} cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
}
