#!/usr/bin/env node
// Starts Assay on Node >= 24: on this Node if it is new enough, else on the one that npm installed with the package.
// Plain JavaScript that any Node >= 20 can run.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import nodeModule, { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const nodeMajorMin = 24;
/** Set by a launcher for the program alone: any other parent may keep a channel, and close it when it likes. */
const launchedMark = "ASSAY_DIES_WITH_LAUNCHER";
const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, "..", "dist", "src", "cli", "main.js");
const source = join(here, "..", "src", "cli", "main.ts");
const entry = existsSync(source) ? source : built;

if (Number(process.versions.node.split(".")[0]) >= nodeMajorMin) {
  nodeModule.enableCompileCache?.();
  const launched = process.env[launchedMark] !== undefined;
  delete process.env[launchedMark];
  if (launched) dieWithLauncher();
  const { main } = await import(entry);
  await main(process.argv.slice(2));
} else {
  runOnBundledNode();
}

function runOnBundledNode() {
  const node = bundledNode();
  if (node === undefined) {
    process.stderr.write(
      `assay: this is Node ${process.versions.node}; Assay needs Node ${nodeMajorMin} or later.\n` +
        `Install it, or on Linux run \`npm install\` with optional dependencies so that npm brings it.\n`,
    );
    process.exitCode = 4;
    return;
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, [launchedMark]: "1" },
  });
  // The terminal sends Ctrl-C to the whole group; forwarding covers signals sent to this process alone.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`assay: cannot start ${node}: ${error.message}\n`);
    process.exitCode = 4;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? constants.signals.SIGKILL);
  });
}

/** Somebody who kills the launcher for good means the program: the channel between them closes with it. */
function dieWithLauncher() {
  // Killed before this program came so far.
  if (!process.connected) process.kill(process.pid, "SIGKILL");
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  process.channel?.unref();
}

function bundledNode() {
  try {
    return createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/bin/node`);
  } catch {
    return undefined;
  }
}
