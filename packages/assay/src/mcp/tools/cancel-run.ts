import { z } from "zod";
import { raise } from "#domain";
import { drivenAnswer } from "../run-answer.ts";
import { runContentSchema } from "../run-content.ts";
import { openFor } from "../runs/standing-of.ts";
import { defineTool } from "../tool.ts";
import { projectArgument, runArgument } from "./arguments.ts";

export const cancelRunTool = defineTool({
  name: "cancel_run",
  title: "Cancel a run",
  description: "Ends a run for good. To stop one so that it can be resumed, take back the call that started it.",
  input: z.strictObject({ project: projectArgument, run: runArgument }),
  output: runContentSchema,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  async call({ project: name, run }, { serving }) {
    await using project = await openFor(serving, name);
    const id = await project.find(run);
    const result = await project.cancel(id);
    if (result.outcome !== "cancelled") {
      raise("run-finished", `run ${id} had finished before (${result.outcome})`, "see it with run_result");
    }
    return drivenAnswer(id, result);
  },
});
