import { runOutcomeSchema } from "@assay/sdk";
import { z } from "zod";
import { formatTime, sanitizeLine } from "#report";
import { runContentSchema } from "../run-content.ts";
import { openFor } from "../runs/standing-of.ts";
import { defineTool } from "../tool.ts";
import { projectArgument } from "./arguments.ts";

const runsMax = 100;

export const listRunsTool = defineTool({
  name: "list_runs",
  title: "List runs",
  description: "Lists a project's runs, the newest first.",
  input: z.strictObject({
    project: projectArgument,
    limit: z.int().min(1).max(runsMax).default(20).meta({ description: "How many to list at most." }),
  }),
  output: z.object({
    runs: z.array(
      z.object({
        runId: z.string(),
        state: runContentSchema.shape.state,
        outcome: runOutcomeSchema.optional(),
        summary: z.string(),
        startedAt: z.string(),
      }),
    ),
    more: z.int().meta({ description: "Runs that are not listed." }),
  }),
  annotations: { readOnlyHint: true, openWorldHint: false },
  async call({ project: name, limit }, { serving }) {
    await using project = await openFor(serving, name);
    const all = await project.list();
    const runs = all.slice(0, limit).map(({ run, status, outcome, summary, startedAt }) => ({
      runId: sanitizeLine(run),
      state: status,
      ...(outcome === undefined ? {} : { outcome }),
      summary: sanitizeLine(summary),
      startedAt: formatTime(startedAt),
    }));
    const lines = runs.map((run) => `${run.runId} ${run.startedAt} ${run.outcome ?? run.state} ${run.summary}`);
    const text = runs.length === 0 ? "No runs yet." : lines.join("\n");
    return { content: { runs, more: all.length - runs.length }, text, failed: false };
  },
});
