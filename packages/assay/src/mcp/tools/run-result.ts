import type { RunEvent } from "@assay/sdk";
import { z } from "zod";
import { runAnswer } from "../run-answer.ts";
import { runContentSchema } from "../run-content.ts";
import { openFor, standingOf } from "../runs/standing-of.ts";
import { waitFor } from "../runs/wait-for.ts";
import { defineTool } from "../tool.ts";
import { projectArgument, runArgument, waitArgument } from "./arguments.ts";

export const runResultTool = defineTool({
  name: "run_result",
  title: "The result of a run",
  description:
    "Waits for the end of a run that this server drives, then gives its result with the diff and writes its report. Of a run that goes on it says how it stands.",
  input: z.strictObject({ project: projectArgument, run: runArgument, waitSeconds: waitArgument }),
  output: runContentSchema,
  annotations: { readOnlyHint: true, openWorldHint: false },
  async call({ project: name, run, waitSeconds }, { serving, signal, tell }) {
    await using project = await openFor(serving, name);
    const id = await project.find(run);
    const drive = serving.drives.of(project.root, id);
    if (drive !== undefined) {
      using _watch = drive.watch(tell);
      // How it ended is read from the journal below; who takes this call back did not start the run.
      await waitFor(drive, waitSeconds * 1000, signal).catch(() => undefined);
    }
    const standing = await standingOf(serving, project, id);
    const { result } = standing;
    if (result === undefined) return runAnswer(standing);
    const diff = diffOf(await project.events(id), result.patch?.digest);
    const report = await project.writeReport(id);
    const answer = runAnswer({ ...standing, result: { ...result, report }, ...(diff === undefined ? {} : { diff }) });
    return { ...answer, failed: false };
  },
});

/** The change as it was proposed, where the proven patch is the same. */
function diffOf(events: readonly RunEvent[], patch: string | undefined): string | undefined {
  const proposed = events.findLast((event) => event.type === "candidate-proposed" && event.patch === patch);
  return proposed?.type === "candidate-proposed" ? proposed.diff : undefined;
}
