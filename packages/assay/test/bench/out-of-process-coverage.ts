/**
 * How much of real pytest suites can be run with the package reached from outside: for each folder given, how many tests there are, how
 * many pass in process, how many of those pass out of process too, and why the others do not.
 *
 *   node packages/assay/test/bench/out-of-process-coverage.ts [--why] FOLDER…
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { attemptName, FaultError, runId, suiteLimits } from "#domain";
import { PytestRunner } from "#oracle";
import type { ProjectProfile } from "#ports";
import { openSandbox } from "#sandbox";
import { realTools } from "../support/real-tools.ts";

const why = process.argv.includes("--why");
const folders = process.argv.slice(2).filter((argument) => argument !== "--why");
if (folders.length === 0) {
  console.error("usage: node packages/assay/test/bench/out-of-process-coverage.ts [--why] FOLDER…");
  process.exit(2);
}
const limits = { ...suiteLimits, wallMsMax: 120_000 };
const home = await mkdtemp(join(tmpdir(), "assay-coverage-"));
try {
  const { sandbox } = await openSandbox({ unsafe: false });
  const tools = await realTools(home);
  const runner = new PytestRunner(sandbox);
  console.log(`${"suite".padEnd(28)}  tests  pass in process  of them out of process  whole suite`);
  for (const folder of folders) console.log(await rowOf(folder, tools, runner));
} finally {
  await rm(home, { recursive: true, force: true });
}

/** `testpaths` that name the package itself make oracle files of all of it; here only tests and their helpers are. */
function withSourcesOnly(profile: ProjectProfile): ProjectProfile {
  const isTest = (file: string): boolean =>
    !file.endsWith(".py") || /(^|\/)(tests?|testing)\/|(^|\/)(test_[^/]*|[^/]*_test|conftest|setup)\.py$/.test(file);
  const sources = profile.oracleFiles.filter((file) => !isTest(file));
  return {
    ...profile,
    oracleFiles: profile.oracleFiles.filter(isTest),
    sourceFiles: [...profile.sourceFiles, ...sources].toSorted(),
  };
}

async function rowOf(
  folder: string,
  tools: Awaited<ReturnType<typeof realTools>>,
  runner: PytestRunner,
): Promise<string> {
  const name = basename(resolve(folder)).padEnd(28);
  try {
    const snapshot = await tools.workspaces.snapshot(resolve(folder));
    const profile = withSourcesOnly(await tools.detect(snapshot));
    await using workspace = await tools.workspaces.open(snapshot, attemptName(runId("bench-00000001"), "cover", "1"));
    const request = { profile, workspace, selection: [], limits };
    const inProcess = await runner.run(request);
    const examined = await runner.examine(request);
    const passed = (run: typeof inProcess): Set<string> =>
      new Set(run.report.results.filter(({ outcome }) => outcome === "passed").map(({ id }) => id));
    const inside = passed(inProcess);
    const reasons = new Map(
      examined.kind === "covered" ? [] : examined.tests.map(({ test, reason }) => [test, reason]),
    );
    const covered = [...passed(examined.run)].filter((id) => inside.has(id) && !reasons.has(id)).length;
    const counts = new Map<string, number>();
    for (const reason of reasons.values()) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    const details = [...counts].toSorted((a, b) => b[1] - a[1]).slice(0, 12);
    const share = inside.size === 0 ? "" : ` (${Math.round((100 * covered) / inside.size)} %)`;
    const row = `${name} ${String(inProcess.report.collected.length).padStart(6)} ${String(inside.size).padStart(16)} ${`${covered}${share}`.padStart(23)}  ${examined.kind}`;
    return why ? [row, ...details.map(([reason, count]) => `    ${count} × ${reason}`)].join("\n") : row;
  } catch (error) {
    return `${name} ${error instanceof FaultError ? error.fault.message : String(error)}`;
  }
}
