import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive, startTimeOf } from "../supervise/process-table.ts";
import { hasEnded, killQuietly, type ProcessTree } from "../supervise/process-tree.ts";

/** Name of the environment variable by which processes that left their group are found again. */
export const markName = "ASSAY_EXECUTION";

/**
 * A command without a namespace: its process group, and whatever else on this machine carries its mark in the environment
 * it was started with. A program that changes group and environment escapes; that is what `unsafe` means.
 */
export class MarkedTree implements ProcessTree {
  readonly #child: ChildProcess;
  readonly #mark: string;

  constructor(child: ChildProcess, mark: string) {
    this.#child = child;
    this.#mark = `${markName}=${mark}`;
  }

  members(processesMax: number): number[] {
    const found: number[] = [];
    for (const name of listProcesses()) {
      if (found.length >= processesMax) break;
      if (this.#carriesMark(name)) found.push(Number(name));
    }
    return found;
  }

  kill(): void {
    if (this.#child.pid !== undefined && !this.#numberIsReused()) killQuietly(-this.#child.pid);
    for (const pid of this.members(sweptMax)) killQuietly(pid);
  }

  async sweep(): Promise<void> {
    // A process may fork between being seen and being killed, so look again until nothing is left.
    for (let round = 0; round < roundsMax; round++) {
      this.kill();
      if (!this.members(sweptMax).some(isAlive)) return;
      await delay(round);
    }
  }

  /** The kernel gives a group's number to nobody while anything is left in it: after our child was reaped, a process with it is a stranger. */
  #numberIsReused(): boolean {
    return hasEnded(this.#child) && startTimeOf(this.#child.pid ?? 0) !== "0";
  }

  #carriesMark(pid: string): boolean {
    try {
      return `\0${readFileSync(`/proc/${pid}/environ`, "latin1")}`.includes(`\0${this.#mark}\0`);
    } catch {
      return false;
    }
  }
}

const sweptMax = 100_000;
const roundsMax = 200;

function listProcesses(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    // No /proc on this system: the group is all that is known.
    return [];
  }
}
