import { type ChildProcess, execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { hasEnded, killQuietly, type ProcessTree } from "../supervise/process-tree.ts";
import type { ContainerState } from "./container-end.ts";
import { askEngine, type ContainerEngine, engineEnvironment } from "./container-engine.ts";

/** A container: its first process is that of a pid namespace, so the kernel ends all of it together. */
export class ContainerTree implements ProcessTree {
  readonly #engine: ContainerEngine;
  readonly #name: string;
  readonly #child: ChildProcess;
  #kills = 0;
  #state: ContainerState | undefined;

  constructor(engine: ContainerEngine, name: string, child: ChildProcess) {
    this.#engine = engine;
    this.#name = name;
    this.#child = child;
  }

  /** What the engine says of how it ended; known after `sweep`, `undefined` where it never ran. */
  get state(): ContainerState | undefined {
    return this.#state;
  }

  /** Not known here: the engine bounds what it runs. */
  members(): number[] {
    return [];
  }

  kill(): void {
    if (hasEnded(this.#child)) return;
    this.#kills += 1;
    const { program, globalArguments } = this.#engine;
    const options = { env: engineEnvironment(), timeout: killMsMax };
    execFile(program, [...globalArguments, "kill", "--signal", "KILL", this.#name], options, (error) => {
      if (error === null || hasEnded(this.#child)) return;
      // There is no container yet. If there is never one, what would have started it has to go.
      if (this.#kills < killsMax) setTimeout(() => this.kill(), retryMs);
      else if (this.#child.pid !== undefined) killQuietly(this.#child.pid);
    });
  }

  async sweep(): Promise<void> {
    for (let round = 0; round < roundsMax; round++) {
      const told = await this.#inspect();
      if (told === undefined) return;
      if (!told.running) {
        this.#state = told;
        return;
      }
      await askEngine(this.#engine, ["kill", "--signal", "KILL", this.#name]).catch(() => "");
      await delay(retryMs);
    }
  }

  async #inspect(): Promise<(ContainerState & { running: boolean }) | undefined> {
    const format = "{{.State.Running}} {{.State.ExitCode}} {{.State.OOMKilled}} {{.State.StartedAt}}";
    const told = await askEngine(this.#engine, ["inspect", "--format", format, this.#name]).catch(() => "");
    const [running, exitCode, oomKilled, startedAt] = told.split(" ");
    // One that was made and never started has the first moment of all for its start.
    if (exitCode === undefined || startedAt === undefined || startedAt.startsWith("0001-")) return undefined;
    return { running: running === "true", exitCode: Number(exitCode), oomKilled: oomKilled === "true" };
  }
}

const killMsMax = 20_000;
const killsMax = 40;
const retryMs = 50;
const roundsMax = 100;
