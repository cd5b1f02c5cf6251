import { availableParallelism } from "node:os";
import type { TestResult } from "@assay/sdk";
import { attemptName, FaultError, runId, suiteLimits, suiteWallMs } from "#domain";
import { type Mutant, mutantsOf } from "#oracle";
import { digestOf, type ProjectProfile, type Snapshot, type TestRun } from "#ports";
import { languageOf } from "#syntax";
import { MutantTrials } from "../shared/mutant-trials.ts";
import { refuseUnobserved } from "../shared/observe.ts";
import { coveringTests } from "./covering-tests.ts";
import { MutantDescriptions } from "./describe-mutant.ts";
import type { MutantResult, MutantStatus, MutatedFile, MutateGoal, MutateTools, Mutation } from "./mutation.ts";
import { mutationTargets } from "./mutation-targets.ts";
import { Surroundings } from "./surroundings.ts";

const trialsMax = 2;
const chunkMax = 64;
/** Names this process's workspaces, so that two at once do not share one. */
const run = runId(`mutate-${process.pid.toString(36).padStart(10, "0")}`);

const statuses: Record<"killed" | "survived" | "timedOut" | "errored", MutantStatus> = {
  killed: "killed",
  survived: "survived",
  timedOut: "timed-out",
  errored: "errored",
};

type Options = { signal: AbortSignal; onResult?: (result: MutantResult) => void };

/**
 * Puts small faults into a project's sources, one at a time, and sees which of them its tests notice. Everything runs in the sandbox on
 * copies. `onResult` is called as each mutant is done. Faults of detection and of the sandbox, `usage`, `interrupted`.
 */
export async function mutate(tools: MutateTools, goal: MutateGoal, { signal, onResult }: Options): Promise<Mutation> {
  tools.progress("reading the project");
  const snapshot = await tools.workspaces.snapshot(goal.root);
  const detection = await tools.detector.detect(snapshot);
  if (detection.kind === "undetected") throw new FaultError(detection.fault);
  const { profile } = detection;
  const { possible, mutants } = mutantsOf(await mutationTargets(tools, goal, snapshot, profile), goal.mutantsMax);
  if (mutants.length === 0) {
    return goal.since === undefined
      ? { kind: "nothing", why: "There is no code that a fault could be put into." }
      : { kind: "unchanged", why: `No line of code that a fault could be put into has changed since ${goal.since}.` };
  }

  tools.progress("running the tests, with coverage");
  const baseline = await observe(tools, goal, snapshot, profile, true, signal);
  const { results, collectionErrors } = baseline.report;
  tools.progress("running the tests once more");
  const again = await observe(tools, goal, snapshot, profile, false, signal);
  const steady = new Set(again.report.results.filter(({ outcome }) => outcome === "passed").map(({ id }) => id));
  const passed = results.filter(({ id, outcome }) => outcome === "passed" && steady.has(id));
  if (passed.length === 0) {
    const failure = results.find((result) => result.failure)?.failure;
    const why = collectionErrors[0]?.message ?? failure?.message ?? "none was found, or all are skipped";
    return { kind: "nothing", why: `No test passes without a fault, twice in a row: ${why}` };
  }
  const files = new Map<string, MutatedFile>();
  const report = (result: MutantResult, source: string): void => {
    const file = files.get(result.file) ?? { path: result.file, source, mutants: [] };
    files.set(result.file, file);
    file.mutants.push(result);
    onResult?.(result);
  };
  await tryAll(tools, { snapshot, profile, baseline, passed, mutants, signal }, report);
  return {
    kind: "mutated",
    files: [...files.values()].map(inOrder).sort((a, b) => (a.path < b.path ? -1 : 1)),
    tests: passed.map(({ id, file }) => ({ id, file })),
    aside: results.filter(({ outcome }) => outcome !== "passed" && outcome !== "skipped").map(({ id }) => id),
    unsteady: results.filter(({ id, outcome }) => outcome === "passed" && !steady.has(id)).map(({ id }) => id),
    possible: mutants.length < goal.mutantsMax ? mutants.length : possible,
  };
}

async function observe(
  { workspaces, runners }: MutateTools,
  { tests }: MutateGoal,
  snapshot: Snapshot,
  profile: ProjectProfile,
  coverage: boolean,
  signal: AbortSignal,
): Promise<TestRun> {
  await using workspace = await workspaces.open(snapshot, attemptName(run, "mutate", "baseline"));
  const request = { profile, workspace, selection: tests, coverage, limits: suiteLimits, signal };
  const observed = await runners[profile.runner].run(request);
  refuseUnobserved(observed.termination);
  return observed;
}

type Trying = {
  snapshot: Snapshot;
  profile: ProjectProfile;
  baseline: TestRun;
  passed: readonly TestResult[];
  mutants: readonly Mutant[];
  signal: AbortSignal;
};

async function tryAll(
  tools: MutateTools,
  { snapshot, profile, baseline, passed, mutants, signal }: Trying,
  report: (result: MutantResult, source: string) => void,
): Promise<void> {
  const testsOf = coveringTests(passed, baseline.coverage, (file) => languageOf(file)?.name === "python");
  const { coverage } = baseline;
  const around = await Surroundings.read({ snapshot, profile, tests: passed, coverage, version: tools.version });
  const keyOf = (mutant: Mutant): string =>
    digestOf(JSON.stringify([mutant.source, mutant.file, mutant.edit, around.digestOf(testsOf(mutant))]));
  const descriptions = new MutantDescriptions();
  let done = 0;
  const settle = (mutant: Mutant, status: MutantStatus, killedBy?: string, known = false): void => {
    done += 1;
    tools.progress(`${done} of ${mutants.length} mutants`);
    // What went wrong may go right another time.
    if (status === "killed" || status === "survived") {
      tools.known.set(keyOf(mutant), { status, ...(killedBy === undefined ? {} : { killedBy }) });
    }
    report(
      { ...descriptions.of(mutant), status, coveredBy: testsOf(mutant), ...(killedBy ? { killedBy } : {}), known },
      mutant.source,
    );
  };

  const left: Mutant[] = [];
  for (const mutant of mutants) {
    const known = testsOf(mutant).length === 0 ? undefined : tools.known.get(keyOf(mutant));
    if (testsOf(mutant).length === 0) settle(mutant, "uncovered");
    else if (known === undefined) left.push(mutant);
    else settle(mutant, known.status, known.killedBy, true);
  }
  const chunks = chunksOf(left);
  const slowest = Math.max(0, ...passed.map(({ durationMs }) => durationMs));
  const work = async (slot: number): Promise<void> => {
    await using trials = await MutantTrials.open({
      workspaces: tools.workspaces,
      runner: tools.runners[profile.runner],
      snapshot,
      profile,
      run,
      task: `mutants-${slot}`,
      limits: { ...suiteLimits, wallMsMax: suiteWallMs(baseline.durationMs) },
      // Loading and hooks count there, too; the whole suite had to do with them.
      testMsMax: Math.max(1_000, Math.min(10_000, Math.max(slowest * 10, baseline.durationMs))),
      signal,
    });
    for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
      for await (const { mutant, outcome, killedBy } of trials.try(chunk, testsOf)) {
        settle(mutant, statuses[outcome], killedBy);
      }
    }
  };
  const workers = Math.min(trialsMax, availableParallelism(), chunks.length);
  await Promise.all(Array.from({ length: workers }, (_, slot) => work(slot)));
}

/** Of one file each: such mutants are tried together. */
function chunksOf(mutants: readonly Mutant[]): Mutant[][] {
  const chunks: Mutant[][] = [];
  for (const ofFile of Map.groupBy(mutants, ({ file }) => file).values()) {
    const sorted = ofFile.toSorted((a, b) => a.edit.start - b.edit.start);
    for (let first = 0; first < sorted.length; first += chunkMax) chunks.push(sorted.slice(first, first + chunkMax));
  }
  return chunks;
}

function inOrder({ mutants, ...file }: MutatedFile): MutatedFile {
  return { ...file, mutants: mutants.toSorted((a, b) => a.start - b.start || a.end - b.end) };
}
