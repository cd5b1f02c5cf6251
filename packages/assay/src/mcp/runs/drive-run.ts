import { drivenAnswer, runAnswer } from "../run-answer.ts";
import type { Answer, Call } from "../tool.ts";
import type { Go } from "./drive.ts";
import { waitFor } from "./wait-for.ts";

/**
 * Starts or resumes a run and answers with its end, or that it goes on when `waitSeconds` are over. A caller who takes the call
 * back interrupts the run.
 */
export async function driveRun(call: Call, root: string, waitSeconds: number, go: Go): Promise<Answer> {
  const drive = call.serving.drives.begin(root, (project, signal) => {
    call.serving.roots.refuseOutside(project.root);
    return go(project, signal);
  });
  using _watch = drive.watch(call.tell);
  const interrupt = () => drive.interrupt();
  call.signal.addEventListener("abort", interrupt, { once: true });
  if (call.signal.aborted) interrupt();
  try {
    const driven = await waitFor(drive, waitSeconds * 1000, call.signal);
    if (driven !== undefined) return drivenAnswer(driven.runId, driven.result);
  } finally {
    // From here on the run is nobody's call: `cancel_run` ends it.
    call.signal.removeEventListener("abort", interrupt);
  }
  // It has begun, or the waiting would have thrown.
  const { run } = drive;
  if (run === undefined) throw new Error("a run that has begun has no id");
  const now = drive.now === undefined ? {} : { now: drive.now };
  return runAnswer({ run, state: "running", summary: "The run goes on.", ...now });
}
