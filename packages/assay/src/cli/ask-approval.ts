import { createInterface } from "node:readline";
import { awaitsApproval, type Driven, hostUserName, type OpenProject } from "#app";

/** Where somebody sits there who can be asked, and who answers. */
export type Desk = { input: NodeJS.ReadableStream; output: NodeJS.WritableStream; signal: AbortSignal };

/**
 * Asks at once about the change that a run waits to have approved, and gives the run's end after the answer was recorded and the run went
 * on. Any other end, and one to which neither yes nor no was said, comes back as it is: the run still waits.
 */
export async function askApproval(
  project: Pick<OpenProject, "events" | "approve">,
  driven: Driven,
  desk: Desk,
  goOn: () => Promise<Driven>,
): Promise<Driven> {
  const { runId, result } = driven;
  if (result.outcome !== "paused" || !awaitsApproval(await project.events(runId))) return driven;
  const answer = await ask(desk, `\n  Apply this change, as ${hostUserName()}? [y/n] `);
  if (answer !== "yes" && answer !== "no") return driven;
  await project.approve(runId, { approved: answer === "yes" });
  return goOn();
}

async function ask({ input, output, signal }: Desk, question: string): Promise<"yes" | "no" | "neither"> {
  const lines = createInterface({ input, terminal: false });
  // An end of the input, and Ctrl-C, are no answer.
  const ended = new Promise<"">((resolve) => {
    lines.once("close", () => resolve(""));
    if (signal.aborted) resolve("");
    signal.addEventListener("abort", () => resolve(""), { once: true });
  });
  try {
    output.write(question);
    const line = await Promise.race([new Promise<string>((resolve) => lines.once("line", resolve)), ended]);
    const word = line.trim().toLowerCase();
    return /^y(?:es)?$/.test(word) ? "yes" : /^no?$/.test(word) ? "no" : "neither";
  } finally {
    lines.close();
  }
}
