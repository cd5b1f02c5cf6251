import { FaultError } from "#domain";
import type { Run } from "#engine";
import type { ProjectProfile, Snapshot } from "#ports";
import type { RepairGoal, RepairTools } from "./goal.ts";

export type Project = { snapshot: Snapshot; profile: ProjectProfile };

/** Copies the project's files as they are now and finds out how it is tested; nothing of it is executed. */
export async function readProject(run: Run, goal: RepairGoal, tools: RepairTools): Promise<Project> {
  tools.progress({ kind: "phase", phase: "snapshot" });
  const snapshot = await run.step("snapshot", { root: goal.root }, () => tools.workspaces.snapshot(goal.root));
  tools.progress({ kind: "phase", phase: "detect", detail: `${snapshot.files.length} files` });
  const detection = await run.step("detect", { base: snapshot.digest }, () => tools.detector.detect(snapshot));
  if (detection.kind === "undetected") throw new FaultError(detection.fault);
  const { profile } = detection;
  await run.emit({
    type: "project-detected",
    language: profile.language,
    runner: profile.runner,
    details: [...profile.details],
  });
  return { snapshot, profile };
}
