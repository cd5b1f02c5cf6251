import { randomBytes } from "node:crypto";
import { attemptName, FaultError, type RunId, raise, runId } from "#domain";
import type { Snapshot } from "#ports";
import { compareRerun, type ReceiptContent, type RerunComparison } from "#receipt";
import { FileBlobs } from "#store";
import { type HealTools, observeAgain } from "#workflows";
import { reverseDiff } from "#workspace";
import { readConfig } from "./config.ts";
import { healTools } from "./heal-tools.ts";
import { openStateDirectory, statePlaces } from "./state-directory.ts";

/** A project in which a receipt's evidence is to be made again. */
export type Reproduction = { root: string; tools: HealTools; run: RunId };

export async function openReproduction(directory: string): Promise<Reproduction> {
  const state = await openStateDirectory(directory);
  const places = statePlaces(state);
  const config = await readConfig(state.root);
  const tools = await healTools({ places, blobs: new FileBlobs(places.blobs), config });
  return { root: state.root, tools, run: runId(`verify-${randomBytes(6).toString("hex")}`) };
}

/** The receipt's base revision: the tree as it is, or as it is without the patch; `undefined` when it is neither. */
export async function findBase(
  { root, tools }: Reproduction,
  receipt: Required<ReceiptContent>,
): Promise<Snapshot | undefined> {
  const wanted = receipt.statement.predicate.assay.base.snapshot;
  const now = await tools.workspaces.snapshot(root);
  if (now.digest === wanted) return now;
  const patch = new TextDecoder().decode(receipt.patch);
  const before = await tools.workspaces.derive(now, [{ kind: "diff", diff: reverseDiff(patch) }]);
  return before.kind === "derived" && before.snapshot.digest === wanted ? before.snapshot : undefined;
}

/** Runs the whole oracle on base and patch in a fresh sandbox and compares with what the receipt says. */
export async function reproduce(
  { tools, run }: Reproduction,
  base: Snapshot,
  receipt: Required<ReceiptContent>,
): Promise<RerunComparison> {
  const detection = await tools.detector.detect(base);
  if (detection.kind === "undetected") throw new FaultError(detection.fault);
  await using workspace = await tools.workspaces.open(base, attemptName(run, "rerun", "1"));
  const applied = await workspace.apply([{ kind: "diff", diff: new TextDecoder().decode(receipt.patch) }]);
  if (applied.kind === "failed") raise("receipt-mismatch", "the receipt's patch does not apply to its base revision");
  const observation = await observeAgain(tools, {
    snapshot: base,
    profile: detection.profile,
    workspace,
    patch: receipt.statement.predicate.assay.patch.digest,
  });
  return compareRerun(receipt, observation);
}
