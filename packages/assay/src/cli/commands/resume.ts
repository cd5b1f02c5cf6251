import { openProject } from "#app";
import { type BudgetOptions, budgetFlags } from "../definitions/proposing-options.ts";
import { abortOnInterrupt } from "../interrupt.ts";
import { runOutput } from "../output/run-output.ts";

export type ResumeOptions = BudgetOptions & {
  dir: string;
  unsafeNoSandbox?: boolean;
  apply?: boolean;
  force?: boolean;
  json?: boolean;
};

export async function resumeCommand(run: string, options: ResumeOptions): Promise<void> {
  using output = runOutput(options.json === true);
  using interrupt = abortOnInterrupt();
  await using project = await openProject(options.dir, {
    unsafeNoSandbox: options.unsafeNoSandbox === true,
    onEvent: (event) => output.event(event),
    onProgress: (progress) => output.progress(progress),
  });
  const { result, runId } = await project.resume(await project.find(run), {
    ...budgetFlags(options),
    apply: options.apply === true,
    force: options.force === true,
    signal: interrupt.signal,
  });
  output.result(result, runId, project.root);
  process.exitCode = result.exitCode;
}
