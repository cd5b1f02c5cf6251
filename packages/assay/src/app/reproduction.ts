import { randomBytes } from "node:crypto";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attemptName, FaultError, raise, runId } from "#domain";
import { ProjectDetection } from "#oracle";
import type { Snapshot } from "#ports";
import { compareRerun, type ReceiptContent, type RerunComparison, rerunPlan } from "#receipt";
import { FileBlobs } from "#store";
import { observeAgain } from "#workflows";
import { LayeredWorkspaces } from "#workspace";
import { baseSnapshot } from "./base-snapshot.ts";
import { readConfig } from "./config.ts";
import { ownerOf } from "./run-project.ts";
import { statePlaces } from "./state-directory.ts";
import { workflowTools } from "./workflow-tools.ts";

/** A project that a receipt may be about. Looking at it leaves nothing in it: what is needed is in a temporary folder. */
export type Reproduction = { root: string; state: string } & AsyncDisposable;

export async function openReproduction(directory: string): Promise<Reproduction> {
  const root = await realpath(directory).catch(() =>
    raise("not-a-project", `there is no folder ${directory}`, "name the project with --in"),
  );
  const state = await mkdtemp(join(tmpdir(), "assay-verify-"));
  return { root, state, [Symbol.asyncDispose]: () => rm(state, { recursive: true, force: true }) };
}

/** The receipt's base revision: the tree as it is, or as it is without the patch; `undefined` when it is neither. */
export async function findBase(
  { root, state }: Reproduction,
  receipt: Required<ReceiptContent>,
): Promise<Snapshot | undefined> {
  // Nothing is executed for this: it works without a sandbox too.
  const workspaces = new LayeredWorkspaces({ stateDirectory: state, overlay: true });
  const patch = new TextDecoder().decode(receipt.patch);
  const standing = await baseSnapshot(workspaces, root, receipt.statement.predicate.assay.base.snapshot, patch);
  if (standing.kind !== "elsewhere") return standing.base;
  // A change between two commits can be looked at from anywhere in their repository.
  const { snapshot, gitCommit } = receipt.statement.predicate.assay.base;
  if (gitCommit === undefined) return undefined;
  const committed = await workspaces.snapshotAt(root, gitCommit).catch((error: unknown) => {
    if (error instanceof FaultError) return undefined;
    throw error;
  });
  return committed?.digest === snapshot ? committed : undefined;
}

/** Runs the whole oracle on base and patch in a fresh sandbox and compares with what the receipt says. */
export async function reproduce(
  { root, state }: Reproduction,
  base: Snapshot,
  receipt: Required<ReceiptContent>,
  signal?: AbortSignal,
): Promise<RerunComparison> {
  const places = statePlaces({ root, path: state, inProject: false });
  const tools = await workflowTools({ places, blobs: new FileBlobs(places.blobs), config: await readConfig(root) });
  const owner = ownerOf(root);
  const detector = owner === undefined ? tools.detector : new ProjectDetection({ environmentRoot: owner });
  const detection = await detector.detect(base);
  if (detection.kind === "undetected") throw new FaultError(detection.fault);
  const run = runId(`verify-${randomBytes(6).toString("hex")}`);
  await using workspace = await tools.workspaces.open(base, attemptName(run, "rerun", "1"));
  const applied = await workspace.apply([{ kind: "diff", diff: new TextDecoder().decode(receipt.patch) }]);
  if (applied.kind === "failed") raise("receipt-mismatch", "the receipt's patch does not apply to its base revision");
  const { controls } = rerunPlan(receipt);
  const observation = await observeAgain(tools, {
    ...(controls === undefined ? {} : { controls }),
    snapshot: base,
    profile: detection.profile,
    workspace,
    ...(signal === undefined ? {} : { signal }),
    patch: receipt.statement.predicate.assay.patch.digest,
  });
  return compareRerun(receipt, observation);
}
