import { availableParallelism } from "node:os";
import type { TestResult } from "@assay/sdk";
import { attemptName, FaultError, runId, suiteLimits, suiteWallMs } from "#domain";
import { type Mutant, mutantsOf } from "#oracle";
import { digestOf, type ProjectProfile, type Snapshot, type TestRun } from "#ports";
import { MutantTrials } from "../shared/mutant-trials.ts";
import { refuseUnobserved } from "../shared/observe.ts";
import { coveringTests } from "./covering-tests.ts";
import { MutantDescriptions } from "./describe-mutant.ts";
import type { MutantResult, MutantStatus, MutatedFile, MutateGoal, MutateTools, Mutation } from "./mutation.ts";
import { mutationTargets } from "./mutation-targets.ts";
import { TestContents } from "./test-contents.ts";

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
  if (mutants.length === 0) return { kind: "nothing", why: "There is no code that a fault could be put into." };

  tools.progress("running the tests, with coverage");
  const baseline = await observe(tools, goal, snapshot, profile, signal);
  const { results, collectionErrors } = baseline.report;
  const passed = results.filter(({ outcome }) => outcome === "passed");
  if (passed.length === 0) {
    const why = collectionErrors[0]?.message ?? results[0]?.failure?.message ?? "none was found";
    return { kind: "nothing", why: `No test passes without a fault: ${why}` };
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
    possible,
  };
}

async function observe(
  { workspaces, runners }: MutateTools,
  { tests }: MutateGoal,
  snapshot: Snapshot,
  profile: ProjectProfile,
  signal: AbortSignal,
): Promise<TestRun> {
  await using workspace = await workspaces.open(snapshot, attemptName(run, "mutate", "baseline"));
  const request = { profile, workspace, selection: tests, coverage: true, limits: suiteLimits, signal };
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
  const testsOf = coveringTests(passed, baseline.coverage);
  const contents = await TestContents.read(snapshot, passed);
  const keyOf = (mutant: Mutant): string =>
    digestOf(JSON.stringify([mutant.source, mutant.file, mutant.edit, contents.digestOf(testsOf(mutant))]));
  const descriptions = new MutantDescriptions();
  let done = 0;
  const settle = (mutant: Mutant, status: MutantStatus, killedBy?: string, known = false): void => {
    done += 1;
    tools.progress(`${done} of ${mutants.length} mutants`);
    // What went wrong may go right another time.
    if (status === "killed" || status === "survived") tools.known.set(keyOf(mutant), status);
    report(
      { ...descriptions.of(mutant), status, coveredBy: testsOf(mutant), ...(killedBy ? { killedBy } : {}), known },
      mutant.source,
    );
  };

  const left: Mutant[] = [];
  for (const mutant of mutants) {
    const status = testsOf(mutant).length === 0 ? "uncovered" : tools.known.get(keyOf(mutant));
    if (status === undefined) left.push(mutant);
    else settle(mutant, status, undefined, status !== "uncovered");
  }
  const chunks = chunksOf(left);
  const slowest = Math.max(0, ...passed.map(({ durationMs }) => durationMs));
  const work = async (slot: number): Promise<void> => {
    await using trials = await MutantTrials.open({
      workspaces: tools.workspaces,
      runner: tools.runners[profile.runner],
      snapshot,
      profile,
      name: attemptName(run, "mutate", `mutants-${slot}`),
      limits: { ...suiteLimits, wallMsMax: suiteWallMs(baseline.durationMs) },
      testMsMax: Math.min(10_000, Math.max(1_000, slowest * 10)),
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
