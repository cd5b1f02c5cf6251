import { openProject } from "#app";
import { approverName } from "#domain";
import { formatTime, sanitizeLine } from "#report";
import { writeResult } from "../output/json.ts";
import { resumeCommand } from "./resume.ts";

export type ApproveOptions = {
  dir: string;
  by?: string;
  reject?: boolean;
  note?: string;
  resume?: boolean;
  /** Commander's form of `--unsafe-no-sandbox`. */
  unsafeNoSandbox?: boolean;
  json?: boolean;
};

/** Records a decision, and goes on with the run only if told to. */
export async function approveCommand(name: string, options: ApproveOptions): Promise<void> {
  const { run, said, finished } = await decide(name, options);
  const json = options.json === true;
  if (options.resume) {
    if (!json) process.stdout.write(`${said}\n`);
    const { dir, unsafeNoSandbox = false } = options;
    return resumeCommand(run, { dir, json, unsafeNoSandbox });
  }
  const where = options.dir === "." ? "" : ` -C ${options.dir}`;
  const next = finished ? `The run is finished: assay show ${run}${where}` : `Go on with: assay resume ${run}${where}`;
  const summary = `${said} ${next}`;
  if (json) writeResult({ type: "result", outcome: finished ? "nothing-to-do" : "paused", exitCode: 0, summary }, run);
  else process.stdout.write(`${sanitizeLine(summary, 5_000)}\n`);
}

async function decide(
  name: string,
  options: ApproveOptions,
): Promise<{ run: string; said: string; finished: boolean }> {
  await using project = await openProject(options.dir, {});
  const run = await project.find(name);
  const { kind, approval, at, finished } = await project.approve(run, {
    approved: options.reject !== true,
    ...(options.by === undefined ? {} : { by: options.by }),
    ...(options.note === undefined ? {} : { note: options.note }),
  });
  const what = approval.approved ? "Approved" : "Rejected";
  const when = kind === "known" ? ` at ${formatTime(at)} already` : "";
  return { run, said: `${what} by ${sanitizeLine(approverName(approval))}${when}.`, finished };
}
