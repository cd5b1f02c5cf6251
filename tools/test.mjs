// node tools/test.mjs [PROJECT]… — runs every test project and says what was skipped and why.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { onNode24 } from "./lib/on-node-24.mjs";
import { root } from "./lib/paths.mjs";
import { run, seconds } from "./lib/run.mjs";

onNode24();

const projects =
  process.argv.length > 2 ? process.argv.slice(2) : ["unit", "simulation", "integration", "crash", "adversarial"];
const scratch = mkdtempSync(join(tmpdir(), "assay-test-"));
const summaryFile = join(scratch, "summary.json");
const { code, ms } = await run(
  "vitest",
  [
    "run",
    "--passWithNoTests=false",
    ...projects.flatMap((name) => ["--project", name]),
    "--reporter=default",
    `--reporter=${join(root, "tools", "lib", "summary-reporter.mjs")}`,
  ],
  // The long loops of the crash and adversarial projects take every step only when they are run by themselves.
  {
    live: true,
    env: { ASSAY_TEST_SUMMARY: summaryFile, ASSAY_TEST_DEPTH: process.env.ASSAY_TEST_DEPTH ?? "representative" },
  },
);
const summary = readSummary();
rmSync(scratch, { recursive: true });
if (summary === undefined) {
  process.stderr.write("\nvitest ended without a report\n");
  process.exit(code || 1);
}

for (const { file, name, reason } of summary.skipped) process.stdout.write(`skipped  ${file}  ${name}: ${reason}\n`);
for (const file of summary.brokenFiles) process.stdout.write(`broken   ${file} could not be collected\n`);
const unexpected = process.env.CI === "true" ? unexpectedSkips(summary.skipped) : [];
for (const { name } of unexpected) {
  process.stdout.write(`not expected to be skipped in CI (tools/expected-skips.json): ${name}\n`);
}
const { passed, skipped } = summary;
// A file that cannot be collected and an error outside of any test count as one failure each.
const failed = summary.failed + summary.brokenFiles.length + summary.errors;
const sound = code === 0 && failed === 0 && passed > 0;
process.stdout.write(`\ntests took ${seconds(ms)}\n${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
process.exitCode = sound && unexpected.length === 0 ? 0 : 1;

function readSummary() {
  try {
    return JSON.parse(readFileSync(summaryFile, "utf8"));
  } catch {
    return undefined;
  }
}

function unexpectedSkips(skipped) {
  const { skips } = JSON.parse(readFileSync(join(root, "tools", "expected-skips.json"), "utf8"));
  return skipped.filter(({ name }) => !skips.some((expected) => name.startsWith(expected.name)));
}
