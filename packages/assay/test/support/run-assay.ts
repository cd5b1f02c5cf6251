import { spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Result, RunEvent } from "@assay/sdk";

const bin = fileURLToPath(new URL("../../bin/assay.mjs", import.meta.url));
const fixtures = fileURLToPath(new URL("../fixtures/heal/", import.meta.url));

export type Ended = {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
};

export type RunAssayOptions = {
  env?: Record<string, string>;
  /** Instead of the program a user runs. */
  program?: string;
  /** Called with the process once it runs, e.g. to send it a signal. */
  onStart?: (pid: number) => void;
  onStdout?: (text: string, pid: number) => void;
};

/** Runs the real program, as a user would. */
export function runAssay(home: string, args: readonly string[], options: RunAssayOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [options.program ?? bin, ...args], {
      env: {
        PATH: process.env.PATH ?? "",
        HOME: home,
        XDG_CONFIG_HOME: join(home, "config"),
        XDG_STATE_HOME: join(home, "state"),
        ...options.env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      options.onStdout?.(text, child.pid ?? 0);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
    if (child.pid !== undefined) options.onStart?.(child.pid);
  });
}

/** The lines of a `--json` stream. */
export function jsonLines(ended: Ended): (RunEvent & { runId: string })[] {
  return ended.stdout
    .trimEnd()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

export function resultOf(ended: Ended): Result {
  const last = jsonLines(ended).at(-1);
  if (last?.type !== "result") throw new Error(`no result at the end of: ${ended.stdout}\n${ended.stderr}`);
  return last;
}

/** A home and a copy of a fixture project in a folder of its own, removed at the end of its scope. */
export async function projectCopy(
  fixture: string,
  name = "project",
): Promise<{ home: string; project: string } & AsyncDisposable> {
  const home = await mkdtemp(join(tmpdir(), "assay-heal-"));
  const project = join(home, name);
  await cp(join(fixtures, fixture), project, { recursive: true });
  return {
    home,
    project,
    async [Symbol.asyncDispose]() {
      await rm(home, { recursive: true, force: true });
    },
  };
}
