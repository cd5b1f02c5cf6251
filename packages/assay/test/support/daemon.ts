import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AssayClient, type Goal, type Scope } from "@assay/sdk";

const bin = fileURLToPath(new URL("../../bin/assay.mjs", import.meta.url));

export type DaemonEnd = { code: number | null; signal: NodeJS.Signals | null; stderr: string };

/** A real `assay serve` on a free port, in a process of its own; ended with its scope. */
export class Daemon implements AsyncDisposable {
  readonly url: string;
  readonly key: string;
  readonly pid: number;
  readonly ended: Promise<DaemonEnd>;
  readonly #project: string;

  private constructor(project: string, parts: { url: string; key: string; pid: number; ended: Promise<DaemonEnd> }) {
    this.#project = project;
    this.url = parts.url;
    this.key = parts.key;
    this.pid = parts.pid;
    this.ended = parts.ended;
  }

  static async start(
    home: string,
    project: string,
    { args = [], env = {} }: { args?: string[]; env?: Record<string, string> } = {},
  ): Promise<Daemon> {
    const child = spawn(process.execPath, [bin, "serve", project, "--port", "0", ...args], {
      env: daemonEnv(home, env),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const ended = new Promise<DaemonEnd>((resolve) =>
      child.on("close", (code, signal) => resolve({ code, signal, stderr })),
    );
    const announced = new Promise<string>((resolve) => {
      let stdout = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
        const url = / at (http:\S+)\n/.exec(stdout)?.[1];
        if (url !== undefined) resolve(url);
      });
    });
    const url = await Promise.race([
      announced,
      ended.then((end) => Promise.reject(new Error(`the daemon ended: ${JSON.stringify(end)}`))),
    ]);
    const key = (await readFile(join(project, ".assay/daemon.key"), "utf8")).trim();
    return new Daemon(project, { url, key, pid: child.pid ?? 0, ended });
  }

  client(key = this.key): AssayClient {
    return new AssayClient({ url: this.url, key });
  }

  /** A client with a key of its own. */
  async clientOf(tenant: string, scopes: Scope[]): Promise<AssayClient> {
    const { key } = await this.client().keys.create({ name: `of ${tenant}`, tenant, scopes });
    return this.client(key);
  }

  heal(more: Partial<Extract<Goal, { kind: "heal" }>> = {}): Goal {
    return { kind: "heal", root: this.#project, tests: [], apply: false, ...more };
  }

  kill(signal: NodeJS.Signals): Promise<DaemonEnd> {
    process.kill(this.pid, signal);
    return this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      process.kill(this.pid, "SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.ended;
  }
}

export function daemonEnv(home: string, env: Record<string, string> = {}): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: home,
    XDG_CONFIG_HOME: join(home, "config"),
    XDG_STATE_HOME: join(home, "state"),
    ASSAY_KNOWLEDGE: "off",
    ...env,
  };
}
