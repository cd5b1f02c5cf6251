import type { Digest } from "@assay/sdk";
import { FaultError, raise } from "#domain";
import type { Run } from "#engine";
import { isLockFile, isOraclePath } from "#oracle";
import type { ProjectProfile, Snapshot, SnapshotDifference } from "#ports";
import { differenceOf } from "#workspace";
import { oracleDigest } from "../shared/oracle-digest.ts";
import type { JudgeGoal, JudgeTools } from "./tools.ts";

/** A tree whose tests can be run. */
export type Side = { snapshot: Snapshot; profile: ProjectProfile; oracle: Digest };

/** What is judged: two trees, and how they differ. */
export type Subject = {
  goal: JudgeGoal;
  base: Side;
  head: Side;
  difference: SnapshotDifference;
  patch: Digest;
  /** Changed files that decide verdicts, on either side. */
  oraclePaths: ReadonlySet<string>;
};

/** Takes clean copies of both sides, finds out how each is tested, and compares them. Executes nothing of the project. */
export async function readSubject(run: Run, goal: JudgeGoal, tools: JudgeTools): Promise<Subject> {
  tools.progress({ kind: "phase", phase: "snapshot", detail: `base ${goal.base}` });
  const { root } = goal;
  const base = await run.step("base", { root, base: goal.base }, () => tools.revisions.snapshotAt(root, goal.base));
  tools.progress({ kind: "phase", phase: "snapshot", detail: "head" });
  const head = await run.step("head", { base: base.digest, change: goal.change }, () => takeHead(goal, tools, base));
  const { patch, ...difference } = await run.step("difference", { base: base.digest, head: head.digest }, async () => {
    const found = await differenceOf(base, head);
    return { ...found, patch: await tools.blobs.put(found.diff) };
  });
  if (difference.changed.length === 0) {
    raise(
      "usage",
      `${nameOfHead(goal)} holds the same files as ${goal.base}`,
      "name another base or head: assay judge --base REV --head REV",
    );
  }
  const [baseSide, headSide] = [await detect(run, tools, "base", base), await detect(run, tools, "head", head)];
  const { language, runner, details } = headSide.profile;
  await run.emit({ type: "project-detected", language, runner, details: [...details] });
  const known = new Set([...baseSide.profile.oracleFiles, ...headSide.profile.oracleFiles]);
  const decides = (path: string) =>
    isOraclePath(language, path) || isOraclePath(baseSide.profile.language, path) || isLockFile(path);
  const touched = difference.changed.map(({ path }) => path).filter((path) => known.has(path) || decides(path));
  return { goal, base: baseSide, head: headSide, difference, patch, oraclePaths: new Set(touched) };
}

async function takeHead(goal: JudgeGoal, tools: JudgeTools, base: Snapshot): Promise<Snapshot> {
  const { change, root } = goal;
  if (change.kind === "revision") return tools.revisions.snapshotAt(root, change.head);
  if (change.kind === "tree") return tools.workspaces.snapshot(root);
  const bytes = await tools.blobs.get(change.digest);
  if (bytes === undefined) raise("journal-corrupt", "the patch is missing from the store", "start the run again");
  const derived = await tools.workspaces.derive(base, [{ kind: "diff", diff: new TextDecoder().decode(bytes) }]);
  if (derived.kind === "derived") return derived.snapshot;
  const [first] = derived.problems;
  const where = first === undefined || first.path === "" ? "" : `${first.path}: `;
  const more = derived.problems.length > 1 ? ` (and ${derived.problems.length - 1} more)` : "";
  raise(
    "usage",
    `the patch does not apply to ${goal.base}: ${where}${first?.message ?? "unknown"}${more}`,
    "name the revision it was made for with --base, or make it anew: git diff BASE > FILE",
  );
}

/** What was judged, for a person. */
export function nameOfHead({ change }: JudgeGoal): string {
  return change.kind === "revision" ? change.head : change.kind === "patch" ? "the patch" : "the working tree";
}

/** How a tree is tested, and the digest of what decides. */
export async function detect(run: Run, tools: JudgeTools, key: string, snapshot: Snapshot): Promise<Side> {
  const detection = await run.step(`${key}.detect`, { tree: snapshot.digest }, () => tools.detector.detect(snapshot));
  if (detection.kind === "undetected") throw new FaultError(detection.fault);
  const { profile } = detection;
  return { snapshot, profile, oracle: await oracleDigest(snapshot, profile.oracleFiles) };
}
