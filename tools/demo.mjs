// node tools/demo.mjs [NAME]… — heals the projects under examples/ and says where everything is.
import { existsSync, readdirSync } from "node:fs";
import { basename, join, relative } from "node:path";
import process from "node:process";
import { onNode24 } from "./lib/on-node-24.mjs";
import { root } from "./lib/paths.mjs";
import { run, seconds } from "./lib/run.mjs";

onNode24();

const assay = join(root, "packages", "assay", "bin", "assay.mjs");
const wanted = process.argv.slice(2);
const examples = readdirSync(join(root, "examples"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && (wanted.length === 0 || wanted.includes(entry.name)))
  .map((entry) => join(root, "examples", entry.name))
  // The others are programs that talk to a daemon: there is nothing to heal in them.
  .filter((directory) => ["tests", "test"].some((name) => existsSync(join(directory, name))));
if (examples.length === 0) {
  process.stderr.write(`no such example: ${wanted.join(", ")}\n`);
  process.exit(2);
}

const startedAt = performance.now();
const healed = [];
for (const directory of examples) {
  process.stdout.write(`\n$ assay heal ${relative(root, directory)}\n`);
  const { code, ms } = await run(process.execPath, [assay, "heal", directory], { live: true });
  if (code === 130) process.exit(130);
  healed.push({ directory, code, ms, result: await lastResult(directory) });
}

process.stdout.write(`\nThe demo: ${examples.length} projects in ${seconds(performance.now() - startedAt)}\n`);
for (const { directory, code, ms, result } of healed) {
  process.stdout.write(
    `\n  ${basename(directory)}: ${result?.outcome ?? "no result"} (exit ${code}, ${seconds(ms)})\n`,
  );
  if (code !== 0 && result?.summary) process.stdout.write(`    ${result.summary}\n`);
  for (const [label, path] of [
    ["patch", result?.patch?.path],
    ["receipt", result?.receipt],
    ["report", result?.report],
  ]) {
    if (path !== undefined) process.stdout.write(`    ${label.padEnd(8)} ${path}\n`);
  }
}
const failed = healed.find(({ code, result }) => code !== 0 || result?.outcome !== "accepted");
if (failed === undefined) {
  const [{ directory, result }] = healed;
  process.stdout.write(
    `\nCheck one again: npx assay verify ${result.receipt} --in ${relative(root, directory)} --rerun\n`,
  );
}
process.exitCode = failed === undefined ? 0 : failed.code || 1;

/** The last line that `assay show last --json` prints: the run's result. */
async function lastResult(directory) {
  const { stdout } = await run(process.execPath, [assay, "show", "last", "-C", directory, "--json"]);
  try {
    const event = JSON.parse(stdout.trimEnd().split("\n").at(-1));
    return event.type === "result" ? event : undefined;
  } catch {
    return undefined;
  }
}
