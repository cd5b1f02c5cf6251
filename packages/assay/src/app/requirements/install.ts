import type { Fault } from "@assay/sdk";
import { fault } from "#domain";
import type { Command, CommandResult, CommandRunner } from "./command-runner.ts";
import { findMissing } from "./find-missing.ts";
import type { Machine } from "./machine.ts";
import { planInstall } from "./plan-install.ts";
import type { Purpose, RequirementName } from "./requirement.ts";

export type InstallOutcome =
  | { kind: "ready"; installed: readonly RequirementName[] }
  | { kind: "not-ready"; fault: Fault };

const installMsMax = 10 * 60_000;

/**
 * Installs what a purpose lacks, as root or with `sudo -n`, and checks again. `tell` hears each command before it runs.
 * The fault is `tool-missing` with the exact command to run by hand. Repeating it is harmless.
 */
export async function installMissing(
  purpose: Purpose,
  machine: Machine,
  commands: CommandRunner,
  tell: (line: string) => void,
): Promise<InstallOutcome> {
  const missing = await findMissing(purpose, commands);
  const plan = planInstall(missing, machine);
  if (plan.kind === "nothing-missing") return { kind: "ready", installed: [] };
  if (plan.kind === "by-hand") return { kind: "not-ready", fault: plan.fault };

  tell(`installing ${plan.packages.join(", ")}`);
  const run = (command: Command): Promise<CommandResult> => {
    tell(`$ ${command.join(" ")}`);
    return commands.run(command, installMsMax);
  };
  if (plan.refreshFirst) await run(plan.refresh);
  let result = await run(plan.install);
  if (!succeeded(result) && !plan.refreshFirst) {
    await run(plan.refresh);
    result = await run(plan.install);
  }
  const left = await findMissing(purpose, commands);
  if (left.length === 0) return { kind: "ready", installed: missing.map(({ name }) => name) };
  const names = left.map(({ name }) => name).join(", ");
  return {
    kind: "not-ready",
    fault: fault(
      "tool-missing",
      `still missing after the installation: ${names}; ${explain(result)}`,
      `${plan.refresh.join(" ")} && ${plan.install.join(" ")}`,
    ),
  };
}

function succeeded(result: CommandResult): boolean {
  return result.kind === "exited" && result.code === 0;
}

function explain(result: CommandResult): string {
  switch (result.kind) {
    case "exited": {
      const lastLine = result.output.trimEnd().split("\n").at(-1) ?? "";
      return `the package manager exited with ${result.code}${lastLine === "" ? "" : `: ${lastLine}`}`;
    }
    case "not-started":
      return result.message;
    case "timed-out":
      return `the package manager took longer than ${result.limitMs / 1000} s`;
  }
}
