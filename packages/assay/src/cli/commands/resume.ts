import { type BudgetOptions, budgetFlags } from "../definitions/proposing-options.ts";
import { abortOnInterrupt } from "../interrupt.ts";
import { openShown } from "../open-shown.ts";
import { runOutput } from "../output/run-output.ts";
import { personHere } from "../person-here.ts";

export type ResumeOptions = BudgetOptions & {
  dir: string;
  /** Seconds. */
  wait?: number;
  unsafeNoSandbox?: boolean;
  apply?: boolean;
  force?: boolean;
  json?: boolean;
};

export async function resumeCommand(run: string, options: ResumeOptions): Promise<void> {
  using output = runOutput(options.json === true);
  using interrupt = abortOnInterrupt();
  const here = personHere(options, () => output.pause());
  await using project = await openShown(options.dir, output, { ...options, person: here.options });
  const driving = { apply: options.apply === true, force: options.force === true, signal: interrupt.signal };
  const resumed = await project.resume(await project.find(run), {
    ...budgetFlags(options),
    ...driving,
  });
  const { result, runId } = await here.askApproval(project, resumed, driving);
  output.result(result, runId, project.root);
  process.exitCode = result.exitCode;
}
