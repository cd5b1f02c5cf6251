// Plain JavaScript that Node 20 can run: it decides which Node runs the rest.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { root } from "./paths.mjs";

const nodeMajorMin = 24;
const exitEnvironment = 4;

/**
 * Makes sure that the rest of a tool runs on Node >= 24: on this one, or by starting the tool again on the one that
 * npm installed. Ends the process with exit 4 and a message where neither is there.
 */
export function onNode24() {
  if (!existsSync(join(root, "node_modules"))) stop("the dependencies are not installed", "npm ci");
  if (Number(process.versions.node.split(".")[0]) >= nodeMajorMin) return;
  const bundled = join(root, "node_modules", `node-${process.platform}-${process.arch}`, "bin", "node");
  if (!existsSync(bundled)) {
    stop(
      `this is Node ${process.versions.node}; Assay needs Node ${nodeMajorMin} or later`,
      process.platform === "linux"
        ? "npm ci --include=optional, which brings it, or install it from https://nodejs.org"
        : `install Node ${nodeMajorMin} from https://nodejs.org; isolation needs Linux, so heal inside a container`,
    );
  }
  const { status, signal, error } = spawnSync(bundled, process.argv.slice(1), { stdio: "inherit" });
  if (error) stop(`cannot start ${bundled}: ${error.message}`, "npm ci");
  process.exit(status ?? (signal === "SIGINT" ? 130 : 1));
}

/** Says what is wrong and what to do, then ends the process: exit 4, an environment fault. */
export function stop(message, remedy) {
  process.stderr.write(`\n${message}\n${remedy === undefined ? "" : `What to do: ${remedy}\n`}`);
  process.exit(exitEnvironment);
}
