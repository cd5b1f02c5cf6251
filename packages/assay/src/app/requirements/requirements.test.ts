import { describe, expect, it } from "vitest";
import type { Command, CommandResult, CommandRunner } from "./command-runner.ts";
import { systemCommands } from "./command-runner.ts";
import { findMissing, installMissing, type Machine, planInstall, type RequirementName } from "./index.ts";
import { needs, type PackageManager, requirements } from "./requirement.ts";

/** A small machine with a package manager: knows packages only after an update, and programs only once installed. */
class ToyMachine implements CommandRunner {
  readonly ran: string[] = [];
  readonly #installed: Set<string>;
  readonly #published: ReadonlySet<string>;
  #listsFresh: boolean;
  readonly #manager: PackageManager;

  constructor(
    installed: RequirementName[],
    options: { listsFresh?: boolean; unpublished?: string; manager?: PackageManager } = {},
  ) {
    this.#manager = options.manager ?? "apt";
    this.#installed = new Set(installed.flatMap((name) => requirements[name].packages[this.#manager]));
    const all = Object.values(requirements).flatMap(({ packages }) => packages[this.#manager]);
    this.#published = new Set(all.filter((name) => name !== options.unpublished));
    this.#listsFresh = options.listsFresh ?? true;
  }

  async run(command: Command): Promise<CommandResult> {
    const line = command.join(" ");
    const words = line
      .replace(/^sudo -n /, "")
      .replace(/^env \S+ /, "")
      .split(" ");
    if (words.includes("update") || words.includes("makecache") || words.includes("-Sy")) {
      this.ran.push(line);
      this.#listsFresh = true;
      return exited(0, "");
    }
    if (words.includes("install") || words.includes("-S")) {
      this.ran.push(line);
      const packages = words.filter((word, index) => index > 1 && !word.startsWith("-"));
      const unknown = packages.find((name) => !this.#listsFresh || !this.#published.has(name));
      if (unknown !== undefined) return exited(100, `E: Unable to locate package ${unknown}\n`);
      for (const name of packages) this.#installed.add(name);
      return exited(0, "");
    }
    return this.#check(line);
  }

  #check(line: string): CommandResult {
    const has = (name: RequirementName) =>
      requirements[name].packages[this.#manager].every((p) => this.#installed.has(p));
    // A version manager's python3 stands first in PATH and has no pytest of its own.
    if (line === "python3 -I -c import pytest") return exited(1, "ModuleNotFoundError: No module named 'pytest'\n");
    if (line === "/usr/bin/python3 -I -c import pytest") return has("pytest") ? exited(0, "") : exited(1, "");
    if (line.includes("python3")) return has("python") ? exited(0, "") : notStarted(line);
    if (line.startsWith("bwrap")) return has("bubblewrap") ? exited(0, "bubblewrap 0.8.0\n") : notStarted(line);
    if (line.startsWith("git")) return has("git") ? exited(0, "git version 2.39.5\n") : notStarted(line);
    return has("util-linux") ? exited(0, "") : notStarted(line);
  }
}

const exited = (code: number, output: string): CommandResult => ({ kind: "exited", code, output });
const notStarted = (line: string): CommandResult => ({
  kind: "not-started",
  message: `spawn ${line.split(" ")[0]} ENOENT`,
});
const debian: Machine = { platform: "linux", manager: "apt", authority: "root", listsMissing: false };
const everything: RequirementName[] = ["bubblewrap", "git", "python", "pytest", "util-linux"];
const silent = () => {};

describe("findMissing", () => {
  it("finds nothing missing on a machine that has everything", async () => {
    expect(await findMissing("demo", new ToyMachine(everything))).toEqual([]);
  });

  it("names what is missing in the order of the purpose", async () => {
    const missing = await findMissing("test", new ToyMachine(["git", "util-linux"]));
    expect(missing.map(({ name }) => name)).toEqual(["bubblewrap", "python", "system-pytest"]);
  });

  it("asks for no Python where only Node is healed", async () => {
    expect(await findMissing("heal-node", new ToyMachine(["bubblewrap", "util-linux"]))).toEqual([]);
  });
});

describe("planInstall", () => {
  const missing = [requirements.bubblewrap, requirements.pytest];

  it("plans nothing when nothing is missing", () => {
    expect(planInstall([], { ...debian, manager: undefined })).toEqual({ kind: "nothing-missing" });
  });

  it("gives the exact command to an ordinary user without sudo", () => {
    const plan = planInstall(missing, { ...debian, authority: "none" });
    expect(plan).toMatchObject({
      kind: "by-hand",
      fault: {
        code: "tool-missing",
        remedy:
          "sudo apt-get update && sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends bubblewrap python3-pytest",
      },
    });
  });

  it.each(["apt", "dnf", "pacman"] as const)("knows the package names of %s", (manager) => {
    for (const names of Object.values(needs)) {
      const plan = planInstall(
        names.map((name) => requirements[name]),
        { ...debian, manager },
      );
      if (plan.kind !== "install") throw new Error(plan.kind);
      expect(new Set(plan.packages)).toEqual(new Set(names.flatMap((name) => requirements[name].packages[manager])));
      expect(plan.install.slice(-plan.packages.length)).toEqual(plan.packages);
    }
  });

  it("runs through sudo without asking for a password", () => {
    const plan = planInstall(missing, { ...debian, authority: "sudo" });
    expect(plan).toMatchObject({ kind: "install", refresh: ["sudo", "-n", "apt-get", "update"] });
  });

  it("points to containers where there is no Linux, and names the tools where it knows no package manager", () => {
    expect(planInstall(missing, { ...debian, platform: "darwin" })).toMatchObject({
      kind: "by-hand",
      fault: { remedy: expect.stringContaining("container") },
    });
    expect(planInstall(missing, { ...debian, manager: undefined })).toMatchObject({
      kind: "by-hand",
      fault: { remedy: expect.stringMatching(/bubblewrap pytest$/) },
    });
  });
});

describe("installMissing", () => {
  it("runs nothing when nothing is missing", async () => {
    const machine = new ToyMachine(everything);
    expect(await installMissing("demo", debian, machine, silent)).toEqual({ kind: "ready", installed: [] });
    expect(machine.ran).toEqual([]);
  });

  it("installs what is missing and says each command before it runs", async () => {
    const machine = new ToyMachine(["git", "util-linux", "python"]);
    const told: string[] = [];
    const outcome = await installMissing("demo", debian, machine, (line) => told.push(line));
    expect(outcome).toEqual({ kind: "ready", installed: ["bubblewrap", "pytest"] });
    expect(told).toEqual(["installing bubblewrap, python3-pytest", ...machine.ran.map((line) => `$ ${line}`)]);
  });

  it("updates apt's lists first when there are none", async () => {
    const machine = new ToyMachine(["git"], { listsFresh: false });
    const outcome = await installMissing("test", { ...debian, listsMissing: true }, machine, silent);
    expect(outcome.kind).toBe("ready");
    expect(machine.ran).toHaveLength(2);
    expect(machine.ran[0]).toBe("apt-get update");
  });

  it("updates stale lists after a failure and tries once more", async () => {
    const machine = new ToyMachine(["git"], { listsFresh: false });
    expect((await installMissing("test", debian, machine, silent)).kind).toBe("ready");
    expect(machine.ran.map((line) => line.includes("update"))).toEqual([false, true, false]);
  });

  it("says what is still missing and why when the package manager cannot help", async () => {
    const machine = new ToyMachine(["git", "util-linux", "python", "bubblewrap"], { unpublished: "python3-pytest" });
    expect(await installMissing("test", debian, machine, silent)).toMatchObject({
      kind: "not-ready",
      fault: {
        code: "tool-missing",
        message: expect.stringMatching(/missing.*pytest.*100: E: Unable to locate package python3-pytest$/),
        remedy: expect.stringMatching(/^apt-get update && .* python3-pytest$/),
      },
    });
  });
});

describe("systemCommands", () => {
  it("tells a program that exits from one that does not exist", async () => {
    const node = await systemCommands.run([process.execPath, "-e", "console.log('out'); process.exit(3)"], 60_000);
    expect(node).toEqual({ kind: "exited", code: 3, output: "out\n" });
    expect((await systemCommands.run(["/no/such/program"], 60_000)).kind).toBe("not-started");
  });

  it("ends a program that takes too long", async () => {
    const result = await systemCommands.run([process.execPath, "-e", "setInterval(() => {}, 1000)"], 200);
    expect(result).toEqual({ kind: "timed-out", limitMs: 200 });
  });
});
