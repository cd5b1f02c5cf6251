import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { jsonLines } from "./run-assay.ts";
import { type Scratch, scratch } from "./scratch.ts";

const bin = fileURLToPath(new URL("../../bin/assay.mjs", import.meta.url));

/** A namespace of its own for mounts alone: the sandbox needs the users as they are. */
export const disksCanBeMounted =
  spawnSync("unshare", ["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0;

/** `assay ARGS…` prints behind a line `== NAME` what the program writes; `size` and `ro` change the disk. */
const functions = `
size() { mount -o remount,size="$1" "$DISK"; }
ro() { mount -o remount,ro "$DISK"; }
rw() { mount -o remount,rw "$DISK"; }
assay() { echo "== $1"; shift; "$NODE" "$BIN" "$@" --json || true; }
`;

export type OnDisk = { home: Scratch; disk: string; lines: Map<string, ReturnType<typeof jsonLines>> };

/** Runs a shell script whose `$DISK` is a file system of its own, unmounted when it ends; `$PROJECT` is a copy of `project` on it. */
export async function onDisk(options: string, project: string, script: string): Promise<OnDisk & AsyncDisposable> {
  const home = await scratch();
  const disk = `${home.path}/disk`;
  const whole = `set -eu; mkdir "$DISK"; mount -t tmpfs -o "$OPTIONS" tmpfs "$DISK"; cp -r "$FROM" "$PROJECT"\n${functions}\n${script}`;
  const child = spawn("unshare", ["--mount", "sh", "-c", whole], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH ?? "",
      HOME: home.path,
      XDG_CONFIG_HOME: `${home.path}/config`,
      XDG_STATE_HOME: `${home.path}/state`,
      ASSAY_KNOWLEDGE: "off",
      NODE: process.execPath,
      BIN: bin,
      DISK: disk,
      OPTIONS: options,
      FROM: project,
      PROJECT: `${disk}/project`,
    },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`the script ended with ${code}: ${stderr}`);
  const parts = stdout.split(/^== /m).slice(1);
  const lines = new Map(
    parts.map((part) => {
      const name = part.slice(0, part.indexOf("\n"));
      const ended = { code: 0, signal: null, stdout: part.slice(name.length + 1), stderr };
      return [name, jsonLines(ended)];
    }),
  );
  return { home, disk, lines, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() };
}
