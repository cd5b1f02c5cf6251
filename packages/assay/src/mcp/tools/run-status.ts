import { z } from "zod";
import { runAnswer } from "../run-answer.ts";
import { runContentSchema } from "../run-content.ts";
import { openFor, standingOf } from "../runs/standing-of.ts";
import { defineTool } from "../tool.ts";
import { projectArgument, runArgument } from "./arguments.ts";

export const runStatusTool = defineTool({
  name: "run_status",
  title: "How a run stands",
  description: "Says at once how a run stands, what is going on in it, and its result if it is finished.",
  input: z.strictObject({ project: projectArgument, run: runArgument }),
  output: runContentSchema,
  annotations: { readOnlyHint: true, openWorldHint: false },
  async call({ project: name, run }, { serving }) {
    await using project = await openFor(serving, name);
    return { ...runAnswer(await standingOf(serving, project, await project.find(run))), failed: false };
  },
});
