import type { Goal } from "@assay/sdk";
import { z } from "zod";
import type { OpenProject } from "#app";
import { type RunId, raise } from "#domain";
import { runContentSchema } from "../run-content.ts";
import { driveRun } from "../runs/drive-run.ts";
import { defineTool, type Serving } from "../tool.ts";
import { applyArgument, budgetArguments, projectArgument, runArgument, waitArgument } from "./arguments.ts";
import { refuseApply } from "./refuse-apply.ts";

export const resumeRunTool = defineTool({
  name: "resume_run",
  title: "Resume a run",
  description:
    "Goes on with an interrupted or paused run; finished steps are not repeated. With `apply` it writes the patch of an accepted run to the project, if that is still as it was.",
  input: z.strictObject({
    project: projectArgument,
    run: runArgument,
    apply: applyArgument,
    ...budgetArguments,
    waitSeconds: waitArgument,
  }),
  output: runContentSchema,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async call({ project: name, run, apply, maxSeconds, maxAttempts, waitSeconds }, call) {
    refuseApply(call.serving, apply);
    const root = await call.serving.roots.project(name);
    return driveRun(call, root, waitSeconds, async (project, signal) => {
      const id = await project.find(run);
      await refuseStandingApply(call.serving, project, id);
      return project.resume(id, {
        ...(maxSeconds === undefined ? {} : { secondsMax: maxSeconds }),
        ...(maxAttempts === undefined ? {} : { attemptsMax: maxAttempts }),
        apply,
        signal,
      });
    });
  },
});

/** A run that a person started to write its change somewhere, or approved, would write it when it goes on. */
async function refuseStandingApply(serving: Serving, project: OpenProject, run: RunId): Promise<void> {
  if (serving.allowApply) return;
  const events = await project.events(run);
  if (events.some((event) => event.type === "result")) return;
  const started = events.find((event) => event.type === "run-started");
  if (started?.type !== "run-started" || !writes(started.goal)) return;
  raise(
    "usage",
    `run ${run} was started to write its patch to the project, and this server may not`,
    `have a person go on with it: assay resume ${run}`,
  );
}

function writes(goal: Goal): boolean {
  switch (goal.kind) {
    case "heal":
      return goal.apply || goal.approve !== undefined;
    case "solve":
      return goal.out !== undefined || goal.patchOut !== undefined;
    case "plan":
      // A goal within it may ask for that.
      return true;
    case "judge":
    case "eval":
      return false;
  }
}
