import type { Fault } from "@assay/sdk";
import { fault } from "#domain";
import type { Command } from "./command-runner.ts";
import type { Machine } from "./machine.ts";
import type { PackageManager, Requirement } from "./requirement.ts";

export type InstallPlan =
  | { kind: "nothing-missing" }
  /** `refresh` brings the package lists up to date; needed at once when `refreshFirst`, else only if `install` fails. */
  | { kind: "install"; packages: readonly string[]; refreshFirst: boolean; refresh: Command; install: Command }
  | { kind: "by-hand"; fault: Fault };

/** How to get what is missing. Pure. The fault is `tool-missing`, its remedy the exact command to run. */
export function planInstall(missing: readonly Requirement[], machine: Machine): InstallPlan {
  if (missing.length === 0) return { kind: "nothing-missing" };
  const what = missing.map(({ name, purpose }) => `${name} (needed to ${purpose})`).join(", ");
  const byHand = (remedy: string): InstallPlan => ({
    kind: "by-hand",
    fault: fault("tool-missing", `missing on this machine: ${what}`, remedy),
  });
  if (machine.platform !== "linux") {
    return byHand("isolation needs Linux: run Assay in a Linux container with Node 24 or later, on Windows in WSL2");
  }
  const { manager } = machine;
  if (manager === undefined) {
    return byHand(`install with this system's package manager: ${missing.map(({ name }) => name).join(" ")}`);
  }
  const packages = [...new Set(missing.flatMap((requirement) => requirement.packages[manager]))];
  const commands = commandsOf(manager, packages);
  if (machine.authority === "none") {
    const typed = manager === "apt" ? [commands.refresh, commands.install] : [commands.install];
    return byHand(typed.map((command) => `sudo ${command.join(" ")}`).join(" && "));
  }
  const asRoot = (command: Command): Command => (machine.authority === "sudo" ? ["sudo", "-n", ...command] : command);
  return {
    kind: "install",
    packages,
    refreshFirst: machine.listsMissing,
    refresh: asRoot(commands.refresh),
    install: asRoot(commands.install),
  };
}

function commandsOf(manager: PackageManager, packages: readonly string[]): { refresh: Command; install: Command } {
  switch (manager) {
    case "apt":
      return {
        refresh: ["apt-get", "update"],
        install: [
          "env",
          "DEBIAN_FRONTEND=noninteractive",
          "apt-get",
          "install",
          "-y",
          "--no-install-recommends",
          ...packages,
        ],
      };
    case "dnf":
      return { refresh: ["dnf", "makecache"], install: ["dnf", "install", "-y", ...packages] };
    case "pacman":
      return {
        refresh: ["pacman", "-Sy", "--noconfirm"],
        install: ["pacman", "-S", "--needed", "--noconfirm", ...packages],
      };
  }
}
