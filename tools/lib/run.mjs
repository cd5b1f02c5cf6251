import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { root } from "./paths.mjs";

/** The environment in which `node` is this Node and the workspace's programs are found. */
export function workspaceEnv(extra = {}) {
  const path = [dirname(process.execPath), join(root, "node_modules", ".bin"), process.env.PATH ?? ""];
  return { ...process.env, PATH: path.join(delimiter), ...extra };
}

/**
 * Runs a program from the repository's root. `live`: its output goes to the terminal; otherwise it is returned.
 * Never throws; a program that cannot be started has code 127.
 */
export function run(program, args, { live = false, cwd = root, env = {} } = {}) {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: workspaceEnv(env),
      stdio: live ? "inherit" : ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    const finish = (code) =>
      resolve({ code, stdout, stderr, output: stdout + stderr, ms: performance.now() - startedAt });
    child.on("error", (error) => {
      stderr += error.message;
      finish(127);
    });
    child.on("close", (code, signal) => finish(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}

export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
