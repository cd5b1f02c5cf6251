import type { Machine } from "../machine.ts";
import { Launcher } from "./launcher.ts";

/**
 * Keeps one launcher ready, so that the next command does not wait for what does not depend on it: a shell, a namespace,
 * a tmpfs and two cgroups are most of what a launch costs besides bubblewrap itself.
 */
export class LauncherPool {
  readonly #machine: Machine;
  #spare: Launcher | undefined;

  constructor(machine: Machine) {
    this.#machine = machine;
    // Before the runtime folder's own handler, which removes what the launcher held.
    process.prependOnceListener("exit", () => this.#spare?.abandon());
  }

  /** A launcher for this size of disk; throws what the file system throws. */
  take(diskBytesMax: number): Launcher {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare?.usable && spare.diskBytesMax === diskBytesMax) {
      spare.holdOpen(true);
      return spare;
    }
    void spare?.release();
    return new Launcher(this.#machine, diskBytesMax);
  }

  /** Gets one ready for a command like the last; without room for it, the next launch takes longer and tells why. */
  refill(diskBytesMax: number): void {
    if (this.#spare !== undefined) return;
    try {
      this.#spare = new Launcher(this.#machine, diskBytesMax);
      this.#spare.holdOpen(false);
    } catch {
      this.#spare = undefined;
    }
  }
}
