import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import type { Fault } from "@assay/sdk";
import { fault } from "#domain";
import { systemPath } from "../launch/system-path.ts";

/** Of `bwrap --help` and `--version`; they take milliseconds. */
const answerMsMax = 10_000;

/** Options that bubblewrap learned last of those used here: 0.8 has all of them. */
const neededOptions = ["--size", "--perms", "--json-status-fd", "--cap-drop", "--seccomp"];

const managers = [
  { program: "apt-get", install: "sudo apt-get install -y" },
  { program: "dnf", install: "sudo dnf install -y" },
  { program: "pacman", install: "sudo pacman -S --needed" },
];

export type Tools = { kind: "found"; bubblewrapVersion: string } | { kind: "missing"; fault: Fault };

/** Looks for the programs a launch is made of. */
export async function findTools(): Promise<Tools> {
  for (const program of ["bwrap", "unshare", "mount", "setpriv"]) {
    if (!isInstalled(program)) {
      return missing(program, `${program} is not installed`, program === "bwrap" ? "bubblewrap" : "util-linux");
    }
  }
  const ask = promisify(execFile);
  const options = { timeout: answerMsMax, env: { PATH: systemPath } };
  try {
    const [version, help] = await Promise.all([
      ask("bwrap", ["--version"], options),
      ask("bwrap", ["--help"], options),
    ]);
    const lacking = neededOptions.filter((option) => !`${help.stdout}${help.stderr}`.includes(option));
    if (lacking.length > 0) {
      return missing("bwrap", `bubblewrap is too old: it lacks ${lacking.join(", ")}; 0.8 has them`, "bubblewrap");
    }
    return { kind: "found", bubblewrapVersion: version.stdout.trim().replace(/^bubblewrap /, "") };
  } catch (error) {
    return missing("bwrap", `bubblewrap does not start: ${(error as Error).message}`, "bubblewrap");
  }
}

function missing(program: string, message: string, packageName: string): Tools {
  const manager = managers.find(({ program: name }) => isInstalled(name));
  const remedy =
    manager === undefined ? `install ${packageName}, which has ${program}` : `${manager.install} ${packageName}`;
  return { kind: "missing", fault: fault("tool-missing", message, remedy) };
}

function isInstalled(program: string): boolean {
  return systemPath.split(":").some((folder) => existsSync(`${folder}/${program}`));
}
