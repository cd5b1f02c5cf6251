import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { descendants, isAlive } from "../supervise/process-table.ts";
import { killQuietly, type ProcessTree } from "../supervise/process-tree.ts";

/**
 * A launcher, the bubblewrap it becomes, and the pid namespace that bubblewrap makes. The kernel ends a pid namespace
 * with its first process, and that process is not gone before all the others are (pid_namespaces(7)).
 *
 * Known gap: bubblewrap's --die-with-parent holds only once it has started. Assay killed by SIGKILL in the milliseconds
 * before that leaves a sandbox behind, without its wall clock. Where there are cgroups, the next start ends it.
 */
export class BubblewrapTree implements ProcessTree {
  readonly #child: ChildProcess;
  /** Host pid of the namespace's first process, once bubblewrap has told it. */
  #first: number | undefined;

  constructor(child: ChildProcess) {
    this.#child = child;
  }

  firstProcessIs(pid: number): void {
    this.#first = pid;
    // Ended before it was known: bubblewrap could die between making its child and binding the child's life to its own.
    if (this.#child.killed) this.kill();
  }

  members(processesMax: number): number[] {
    // The first process is bubblewrap's, not the command's.
    return this.#first === undefined ? [] : descendants(this.#first, processesMax).slice(1);
  }

  kill(): void {
    // The group holds the launcher's helpers and a bubblewrap child that has no session of its own yet.
    if (this.#child.pid !== undefined) killQuietly(-this.#child.pid);
    this.#child.kill("SIGKILL");
    if (this.#first !== undefined) killQuietly(this.#first);
  }

  async sweep(): Promise<void> {
    if (this.#first === undefined || !isAlive(this.#first)) return;
    this.kill();
    while (isAlive(this.#first)) await delay(1);
  }
}
