import { randomInt } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Edit, Expectation, Observation, RunnerName, Verdict } from "@assay/sdk";
import { attemptName, FaultError, isRed, judge, minLevelFor, runId, suiteLimits } from "#domain";
import { ControlledRunner, isOraclePath, NodeTestRunner, ProjectDetection, PytestRunner, VitestRunner } from "#oracle";
import {
  type ControlRequest,
  canonicalJson,
  digestOf,
  type ProjectProfile,
  type Sandbox,
  type Snapshot,
  type TestRun,
  type TestRunner,
} from "#ports";
import { LayeredWorkspaces } from "#workspace";
import { linkModules } from "./link-modules.ts";
import { repositoryTests, wrongModule } from "./repositories.ts";
import type { Sample } from "./samples.ts";

export type RepositoryJudge = {
  overlay: boolean;
  runners: Readonly<Partial<Record<RunnerName, TestRunner>>>;
};

export function repositoryRunners(sandbox: Sandbox): RepositoryJudge["runners"] {
  return {
    pytest: new PytestRunner(sandbox),
    "node-test": new NodeTestRunner(sandbox),
    vitest: new VitestRunner(sandbox),
  };
}

const name = runId("test-adversary1");
const limits = { ...suiteLimits, wallMsMax: 60_000 };

/**
 * Judges a sample as a change to a repository that holds the wrong module and its tests: the red tests have to turn green and
 * nothing may shrink, in two fresh sandboxes. The same expectation and the same `judge` that heal uses.
 */
export async function judgeRepository(tools: RepositoryJudge, sample: Sample): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), "assay-adversary-"));
  try {
    await chmod(folder, 0o755);
    const root = join(folder, "sums");
    const base = { ...repositoryTests(sample, "judge"), [sample.module]: wrongModule(sample) };
    for (const [path, text] of Object.entries(base)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    if (sample.language === "javascript") await linkModules(root, ["vitest"]);
    const workspaces = new LayeredWorkspaces({ stateDirectory: join(folder, "state"), overlay: tools.overlay });
    const snapshot = await workspaces.snapshot(root);
    const detection = await new ProjectDetection().detect(snapshot);
    if (detection.kind === "undetected") throw new FaultError(detection.fault);
    const { profile } = detection;
    const run = async (execution: string, edits: readonly Edit[], controls?: ControlRequest) => {
      await using workspace = await workspaces.open(snapshot, attemptName(name, "judge", execution));
      const applied = await workspace.apply(edits);
      if (applied.kind === "failed") throw new Error(JSON.stringify(applied.problems));
      const inner = tools.runners[profile.runner];
      if (inner === undefined) throw new Error(`no runner for ${profile.runner}`);
      const runner = new ControlledRunner(inner);
      const request = { profile, workspace, selection: [], limits };
      return await runner.run(controls === undefined ? request : { ...request, controls });
    };
    const baseline = await run("base", []);
    const edits = Object.entries(sample.files).map(([path, content]): Edit => ({ kind: "rewrite", path, content }));
    const patch = digestOf(canonicalJson(edits));
    const expectation = expect(snapshot, profile, baseline, edits);
    if (expectation.oracleTouched.length > 0) return judge(expectation, []);
    const cited = [];
    for (const execution of ["check", "recheck"]) {
      const { targets, collected } = expectation;
      const controlled = await run(execution, edits, { seed: randomInt(2 ** 47), targets, collected });
      const observation = observationOf(controlled, targets, { execution, base: snapshot.digest, patch });
      cited.push({ digest: digestOf(canonicalJson(observation)), observation });
    }
    return judge(expectation, cited);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function expect(snapshot: Snapshot, profile: ProjectProfile, { report }: TestRun, edits: readonly Edit[]): Expectation {
  const oracle = new Set(profile.oracleFiles);
  const paths = edits.flatMap((edit) => (edit.kind === "rewrite" ? [edit.path] : []));
  const targets = report.results.filter(({ outcome }) => isRed(outcome)).map(({ id }) => id);
  if (targets.length === 0) throw new Error(`the wrong module fails no test: ${JSON.stringify(report)}`);
  return {
    kind: "tests-pass",
    base: snapshot.digest,
    patch: digestOf(canonicalJson(edits)),
    oracle: digestOf(""),
    collected: [...report.collected],
    excused: {},
    excusedFiles: [],
    targets,
    targetFiles: [],
    oracleTouched: paths.filter((path) => oracle.has(path) || isOraclePath(profile.language, path)),
    observationsMade: 2,
    minLevel: minLevelFor("model"),
  };
}

function observationOf(
  run: TestRun,
  targets: readonly string[],
  about: Pick<Observation, "execution" | "base" | "patch">,
): Observation {
  return {
    ...about,
    // An execution that wrote to its oracle had another one.
    oracle: digestOf(run.written.join("\n")),
    selection: [],
    report: run.report,
    termination: run.termination,
    stdout: digestOf(run.stdout.text),
    stderr: digestOf(run.stderr.text),
    isolation: run.isolation,
    level: run.level ?? "in-process",
    ...(run.controls === undefined ? {} : { controls: [...run.controls] }),
    ...(run.controlSeed === undefined ? {} : { controlSeed: run.controlSeed, controlTargets: [...targets] }),
    ...(run.uncontrolled === undefined ? {} : { uncontrolled: run.uncontrolled }),
    durationMs: run.durationMs,
  };
}
