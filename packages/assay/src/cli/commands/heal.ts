import type { Testers, VerdictLevel } from "@assay/sdk";
import { budgetFlags, type ProposingOptions, proposingOf } from "../definitions/proposing-options.ts";
import { abortOnInterrupt } from "../interrupt.ts";
import { openShown } from "../open-shown.ts";
import { runOutput } from "../output/run-output.ts";
import { personHere } from "../person-here.ts";

export type HealOptions = ProposingOptions & {
  tests: string[];
  since?: string;
  apply?: boolean;
  approve?: "before-apply";
  /** Seconds. */
  wait?: number;
  minLevel?: VerdictLevel;
  testers?: Testers;
  /** Commander's form of `--unsafe-no-sandbox`. */
  unsafeNoSandbox?: boolean;
  force?: boolean;
  json?: boolean;
};

export async function healCommand(directory: string, options: HealOptions): Promise<void> {
  using output = runOutput(options.json === true);
  using interrupt = abortOnInterrupt();
  const here = personHere(options, () => output.pause());
  await using project = await openShown(directory, output, { ...options, person: here.options });
  const goal = {
    kind: "heal" as const,
    root: project.root,
    tests: options.tests,
    ...proposingOf(options),
    ...(options.since === undefined ? {} : { since: options.since }),
    apply: options.apply === true,
    ...(options.approve === undefined ? {} : { approve: options.approve }),
    ...(options.minLevel === undefined ? {} : { minLevel: options.minLevel }),
    ...(options.testers === undefined ? {} : { testers: options.testers }),
  };
  const driving = { force: options.force === true, signal: interrupt.signal };
  const started = await project.start(goal, {
    ...budgetFlags(options),
    ...driving,
  });
  const { result, runId } = await here.askApproval(project, started, driving);
  output.result(result, runId, project.root);
  process.exitCode = result.exitCode;
}
