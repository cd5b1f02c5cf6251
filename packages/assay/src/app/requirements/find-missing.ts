import type { CommandRunner } from "./command-runner.ts";
import { needs, type Purpose, type Requirement, requirements } from "./requirement.ts";

const checkMsMax = 20_000;

/** The requirements of a purpose that this machine does not meet, in their order. */
export async function findMissing(purpose: Purpose, commands: CommandRunner): Promise<Requirement[]> {
  const wanted = needs[purpose].map((name) => requirements[name]);
  const met = await Promise.all(wanted.map((requirement) => isMet(requirement, commands)));
  return wanted.filter((_, index) => !met[index]);
}

async function isMet({ check }: Requirement, commands: CommandRunner): Promise<boolean> {
  const every = "all" in check;
  for (const command of every ? check.all : check.any) {
    const result = await commands.run(command, checkMsMax);
    const passed = result.kind === "exited" && result.code === 0;
    if (passed !== every) return passed;
  }
  return every;
}
