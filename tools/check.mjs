// node tools/check.mjs [STEP]… — everything that must hold of the sources, apart from the tests.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { onNode24 } from "./lib/on-node-24.mjs";
import { root } from "./lib/paths.mjs";
import { run, seconds } from "./lib/run.mjs";

onNode24();

const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

const steps = {
  "format and lint": ["biome", "check", "--error-on-warnings", "."],
  types: ["tsc", "-b"],
  "types of the examples": ["tsc", "--build", ...exampleConfigs()],
  direction: [process.execPath, "tools/check-direction.mjs"],
  unused: ["knip", "--no-progress"],
  protocol: [process.execPath, "tools/check-protocol.mjs"],
  "lock file": [process.execPath, "tools/complete-lock.mjs", "--check"],
  documents: [process.execPath, "tools/check-docs.mjs"],
  // Against the empty tree: every tracked file, not only what changed. Finds conflict markers too.
  whitespace: ["git", "diff", "--check", emptyTree, "--"],
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in steps));
if (unknown.length > 0) {
  process.stderr.write(`no such step: ${unknown.join(", ")}; there are: ${Object.keys(steps).join(", ")}\n`);
  process.exit(2);
}

let failures = 0;
for (const [name, [program, ...args]] of Object.entries(steps)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { code, output, ms } = await run(program, args);
  if (code !== 0) {
    failures++;
    process.stdout.write(`${output.trimEnd()}\n`);
  }
  process.stdout.write(`${code === 0 ? "ok    " : "FAILED"}  ${name.padEnd(22)} ${seconds(ms)}\n`);
}
process.stdout.write(failures === 0 ? "\nall checks passed\n" : `\n${failures} failed\n`);
process.exitCode = failures === 0 ? 0 : 1;

function exampleConfigs() {
  return readdirSync(join(root, "examples"), { recursive: true })
    .filter((path) => path.endsWith("tsconfig.json") && !path.includes("node_modules") && !path.includes(".assay"))
    .map((path) => join("examples", path));
}
