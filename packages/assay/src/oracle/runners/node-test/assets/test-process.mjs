// Runs inside the sandbox, in a driver: starts the process of one test file, ready to report over a pipe of its own.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath, pathToFileURL } from "node:url";

const preload = pathToFileURL(fileURLToPath(new URL("./child.mjs", import.meta.url))).href;

/** `main`: the file that is run. `output`: what becomes of its stdout and stderr. */
export function startTestProcess({ cwd, flags, env, root, coverage, sources, table }, patterns, main, output) {
  const token = randomBytes(16).toString("hex");
  const args = [
    ...flags,
    `--import=${preload}`,
    `--test-reporter=${preload}`,
    "--test-reporter-destination=stdout",
    ...patterns.map((pattern) => `--test-name-pattern=${pattern}`),
    main,
  ];
  const child = spawn(process.execPath, args, {
    cwd,
    // Any value but Node's own makes the file behave as under `node --test` (`only` needs its flag, `run` is refused) and
    // leaves the choice of the reporter to us.
    env: { ...process.env, ...env, NODE_TEST_CONTEXT: "assay", ASSAY_TEST_DRIVER: String(process.pid) },
    stdio: ["ignore", ...output, "pipe"],
  });
  const channel = child.stdio[3];
  channel.on("error", () => {});
  channel.write(`${JSON.stringify({ token, root, coverage, sources, table })}\n`);
  return { child, channel, token };
}
