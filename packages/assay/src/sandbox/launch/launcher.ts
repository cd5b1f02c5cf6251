import { mkdirSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { Socket } from "node:net";
import { join } from "node:path";
import { ExecutionGroup } from "../cgroup/execution-group.ts";
import type { Machine } from "../machine.ts";
import { hasEnded, killQuietly } from "../supervise/process-tree.ts";
import { type StartedProcess, startProcess } from "../supervise/start-process.ts";
import { continuationName, preludeScript } from "./launch-script.ts";
import { systemPath } from "./system-path.ts";

/** A shell in a mount namespace, a cgroup and a folder of its own that waits to be told what to become. Used once. */
export class Launcher {
  readonly process: StartedProcess;
  readonly folder: string;
  readonly group: ExecutionGroup;
  readonly diskBytesMax: number;
  #ended = false;

  /** Throws what the file system throws. */
  constructor(machine: Machine, diskBytesMax: number) {
    this.diskBytesMax = diskBytesMax;
    this.folder = machine.runtime.launchFolder();
    mkdirSync(join(this.folder, "disk"));
    this.group = new ExecutionGroup(machine.controllers);
    const script = preludeScript({
      folder: this.folder,
      joins: this.group.joins,
      diskBytesMax,
      becomeUid: machine.asRoot ? machine.sandboxUid : undefined,
    });
    const namespaces = [
      ...(machine.asRoot ? [] : ["--user", "--map-root-user"]),
      ...["--mount", "--propagation", "private"],
      // The kernel kills unshare with Assay, the shell with unshare, and everything with the shell: nothing in between can be
      // too early or too late. Bubblewrap's own --die-with-parent holds only once it has started.
      ...["--pid", "--fork", "--kill-child=KILL"],
    ];
    this.process = startProcess({
      file: "setpriv",
      args: ["--pdeathsig", "KILL", "unshare", ...namespaces, "sh", "-c", script, "assay-sandbox"],
      env: { PATH: systemPath, LC_ALL: "C" },
      cwd: "/",
    });
    void this.process.end.then(() => {
      this.#ended = true;
    });
  }

  get usable(): boolean {
    return !this.#ended;
  }

  /** Whether this process waits for the launcher before it can end by itself. */
  holdOpen(hold: boolean): void {
    const { child } = this.process;
    const handles = [child, ...child.stdio] as ({ ref?: () => void; unref?: () => void } | Socket | null)[];
    for (const handle of handles) {
      if (hold) handle?.ref?.();
      else handle?.unref?.();
    }
  }

  /** Lets it go on with a script; throws what the file system throws. */
  proceed(script: string): void {
    writeFileSync(join(this.folder, continuationName), script, { mode: 0o600 });
    this.process.control.end("\n");
  }

  /** Gives back what it holds on the host once its processes are gone; ends it if it still waits. Never rejects. */
  async release(): Promise<void> {
    this.#killGroup();
    await this.process.end;
    await rm(this.folder, { recursive: true, force: true });
    await this.group.remove();
  }

  /** For the end of this process, when nothing can be waited for; what it holds goes with the runtime folder. */
  abandon(): void {
    this.#killGroup();
  }

  /** Until Node has reaped the first process of the group, its number is nobody else's. */
  #killGroup(): void {
    const { child } = this.process;
    if (child.pid !== undefined && !hasEnded(child)) killQuietly(-child.pid);
  }
}
