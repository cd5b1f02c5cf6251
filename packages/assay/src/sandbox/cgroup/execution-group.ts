import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Termination } from "@assay/sdk";
import type { Limits } from "#domain";
import { markText, ownMark } from "../process-mark.ts";
import type { Guard } from "../supervise/guard.ts";
import type { Controllers } from "./controller.ts";

let groupsMade = 0;

/** Cgroups of one execution: one where a controller is found in v2 for both limits, else one for each controller. */
export class ExecutionGroup {
  readonly #controllers: Controllers;
  readonly #folders: string[] = [];
  readonly #memory: string | undefined;
  readonly #processes: string | undefined;

  /** Throws what the file system throws. */
  constructor(controllers: Controllers) {
    this.#controllers = controllers;
    const name = `assay-${markText(ownMark())}-${++groupsMade}`;
    this.#memory = this.#make(controllers.memory?.parent, name);
    this.#processes = this.#make(controllers.processes?.parent, name);
  }

  /** The files to write a pid to. */
  get joins(): string[] {
    return this.#folders.map((folder) => join(folder, "cgroup.procs"));
  }

  /** `helperProcesses` are in the groups besides the command. Throws what the file system throws. */
  limit(limits: Limits, helperProcesses: number): void {
    if (this.#memory !== undefined) {
      const bytes = String(limits.memoryBytesMax);
      if (this.#controllers.memory?.version === "cgroup-v2") {
        writeFileSync(join(this.#memory, "memory.max"), bytes);
        tryWrite(join(this.#memory, "memory.swap.max"), "0");
        tryWrite(join(this.#memory, "memory.oom.group"), "1");
      } else {
        writeFileSync(join(this.#memory, "memory.limit_in_bytes"), bytes);
        tryWrite(join(this.#memory, "memory.memsw.limit_in_bytes"), bytes);
      }
    }
    if (this.#processes !== undefined) {
      writeFileSync(join(this.#processes, "pids.max"), String(limits.processesMax + helperProcesses));
    }
  }

  /** What the kernel did for these groups' limits. */
  guards(): Guard[] {
    const events = [
      { file: this.#memory && join(this.#memory, this.#memoryEvents()), key: "oom_kill", by: "memory" as const },
      { file: this.#processes && join(this.#processes, "pids.events"), key: "max", by: "processes" as const },
    ];
    return events.flatMap(({ file, key, by }) => {
      if (file === undefined) return [];
      const look = (): Termination | undefined => (countOf(file, key) > 0 ? { kind: "limited", by } : undefined);
      return [{ check: look, causeOfEnd: look }];
    });
  }

  /** Removes the groups once their last process is reaped; gives up after a second and leaves them to the next start. */
  async remove(): Promise<void> {
    for (const folder of this.#folders) {
      for (let round = 0; round < 30; round++) {
        const error = await rmdir(folder).catch((reason: NodeJS.ErrnoException) => reason);
        if (error === undefined || error.code === "ENOENT") break;
        await delay(1 + round * 2);
      }
    }
  }

  #memoryEvents(): string {
    return this.#controllers.memory?.version === "cgroup-v2" ? "memory.events" : "memory.oom_control";
  }

  #make(parent: string | undefined, name: string): string | undefined {
    if (parent === undefined) return undefined;
    const folder = join(parent, name);
    if (!this.#folders.includes(folder)) {
      mkdirSync(folder);
      this.#folders.push(folder);
    }
    return folder;
  }
}

function countOf(file: string, key: string): number {
  const line = readLines(file).find((text) => text.startsWith(`${key} `));
  return Number(line?.slice(key.length + 1) ?? 0);
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "");
  } catch {
    return [];
  }
}

/** For what not every kernel has. */
function tryWrite(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch {
    // Not offered here; the limit that matters was written without `try`.
  }
}
