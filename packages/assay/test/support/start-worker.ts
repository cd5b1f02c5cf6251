import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

type Told = { kind: string; task?: string; state?: string; worker?: string; because?: string };

/** A worker in a process of its own: `until` waits for an event, those that came before included. */
export class StartedWorker implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly #told: Told[] = [];
  #wake = Promise.withResolvers<void>();

  constructor(url: string, apiKey: string, name: string) {
    const program = fileURLToPath(new URL("worker-program.ts", import.meta.url));
    this.process = spawn(process.execPath, [program, url, apiKey, name], { stdio: ["pipe", "pipe", "inherit"] });
    if (this.process.stdout === null) throw new Error("the worker has no output");
    createInterface({ input: this.process.stdout }).on("line", (line) => {
      this.#told.push(JSON.parse(line));
      this.#wake.resolve();
      this.#wake = Promise.withResolvers();
    });
  }

  until(is: (told: Told) => boolean): Promise<Told> {
    return this.#nth(is, 1);
  }

  /** The second time. */
  again(is: (told: Told) => boolean): Promise<Told> {
    return this.#nth(is, 2);
  }

  async #nth(is: (told: Told) => boolean, nth: number): Promise<Told> {
    for (;;) {
      const found = this.#told.filter(is)[nth - 1];
      if (found !== undefined) return found;
      await this.#wake.promise;
    }
  }

  /** Has the worker finish what it executes now. */
  finish(): void {
    this.process.stdin?.write("go\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, "exit");
    this.process.kill("SIGKILL");
    await ended;
  }
}
