import { readdir } from "node:fs/promises";
import { platform } from "node:os";
import type { CommandRunner } from "./command-runner.ts";
import type { PackageManager } from "./requirement.ts";

/** What decides how something can be installed here. */
export type Machine = {
  platform: NodeJS.Platform;
  manager: PackageManager | undefined;
  /** `sudo`: without being asked for a password. */
  authority: "root" | "sudo" | "none";
  /** apt knows no packages before its first update. */
  listsMissing: boolean;
};

const probeMsMax = 20_000;
const programs = { apt: "apt-get", dnf: "dnf", pacman: "pacman" } as const;

export async function readMachine(commands: CommandRunner): Promise<Machine> {
  const manager = await findManager(commands);
  return {
    platform: platform(),
    manager,
    authority: process.getuid?.() === 0 ? "root" : (await succeeds(commands, "sudo", "-n", "true")) ? "sudo" : "none",
    listsMissing: manager === "apt" && !(await hasAptLists()),
  };
}

async function findManager(commands: CommandRunner): Promise<PackageManager | undefined> {
  for (const manager of ["apt", "dnf", "pacman"] as const) {
    if (await succeeds(commands, programs[manager], "--version")) return manager;
  }
  return undefined;
}

async function succeeds(commands: CommandRunner, program: string, ...args: string[]): Promise<boolean> {
  const result = await commands.run([program, ...args], probeMsMax);
  return result.kind === "exited" && result.code === 0;
}

async function hasAptLists(): Promise<boolean> {
  const lists = await readdir("/var/lib/apt/lists").catch(() => []);
  return lists.some((name) => /_Packages(\.\w+)?$/.test(name));
}
