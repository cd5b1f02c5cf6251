import { z } from "zod";
import { runContentSchema } from "../run-content.ts";
import { driveRun } from "../runs/drive-run.ts";
import { defineTool } from "../tool.ts";
import {
  applyArgument,
  budgetArguments,
  minLevelArgument,
  projectArgument,
  revisionArgument,
  testsArgument,
  waitArgument,
} from "./arguments.ts";
import { refuseApply } from "./refuse-apply.ts";

export const healTool = defineTool({
  name: "heal",
  title: "Heal failing tests",
  description:
    "Runs the project's tests in a sandbox, looks for a change that turns the failing ones green, and proves it. Nothing is written to the project's files unless `apply` is set. The answer has the patch and a signed receipt.",
  input: z.strictObject({
    project: projectArgument,
    tests: testsArgument,
    since: revisionArgument.optional().meta({ description: "Also try taking back what changed since this revision." }),
    apply: applyArgument,
    minLevel: minLevelArgument,
    ...budgetArguments,
    waitSeconds: waitArgument,
  }),
  output: runContentSchema,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  async call({ project: name, tests, since, apply, minLevel, maxSeconds, maxAttempts, waitSeconds }, call) {
    refuseApply(call.serving, apply);
    const root = await call.serving.roots.project(name);
    return driveRun(call, root, waitSeconds, (project, signal) =>
      project.start(
        {
          kind: "heal",
          root: project.root,
          tests,
          apply,
          ...(since === undefined ? {} : { since }),
          ...(minLevel === undefined ? {} : { minLevel }),
        },
        {
          ...(maxSeconds === undefined ? {} : { secondsMax: maxSeconds }),
          ...(maxAttempts === undefined ? {} : { attemptsMax: maxAttempts }),
          signal,
        },
      ),
    );
  },
});
