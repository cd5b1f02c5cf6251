import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { childrenOf, descendants, isAlive, startTimeOf } from "../supervise/process-table.ts";
import { hasEnded, killQuietly, type ProcessTree } from "../supervise/process-tree.ts";
import { helperProcesses } from "./launch-script.ts";

/** A pid and when it began: a pid is used again, the pair is not. */
type Identity = { pid: number; started: string };

/**
 * `unshare`, the launcher's shell as the first process of a pid namespace, and all that shell started. The kernel ends a pid
 * namespace with its first process, which is not gone before all the others are (pid_namespaces(7)); and `unshare`, which
 * waits for it, tells us.
 */
export class LauncherTree implements ProcessTree {
  readonly #child: ChildProcess;
  #shell: Identity | undefined;

  constructor(child: ChildProcess) {
    this.#child = child;
  }

  members(processesMax: number): number[] {
    const { pid } = this.#child;
    if (hasEnded(this.#child)) return [];
    this.#findShell();
    // Breadth first: unshare and the helpers come before the command.
    return pid === undefined ? [] : descendants(pid, processesMax + helperProcesses).slice(1 + helperProcesses);
  }

  kill(): void {
    this.#findShell();
    // Not unshare: as long as it waits, it tells when nothing is left. Before it has made the shell there is nothing else.
    if (this.#shell !== undefined) killSame(this.#shell);
    else this.#child.kill("SIGKILL");
  }

  async sweep(): Promise<void> {
    // Only when somebody else ended unshare is there anything to wait for.
    while (this.#shell !== undefined && isSame(this.#shell)) {
      killSame(this.#shell);
      await delay(1);
    }
  }

  #findShell(): void {
    // Of one that ended and was reaped, the pid may be somebody else's by now.
    if (this.#shell !== undefined || this.#child.pid === undefined || hasEnded(this.#child)) return;
    const [pid] = childrenOf(this.#child.pid);
    if (pid !== undefined) this.#shell = { pid, started: startTimeOf(pid) };
  }
}

function isSame({ pid, started }: Identity): boolean {
  return isAlive(pid) && startTimeOf(pid) === started;
}

function killSame(process: Identity): void {
  if (isSame(process)) killQuietly(process.pid);
}
