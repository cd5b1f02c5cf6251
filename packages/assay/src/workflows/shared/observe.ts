import type { ControlResult, Termination, TestReport, VerdictLevel } from "@assay/sdk";
import { type Digest, type Evidence, type EvidencePurpose, type Observation, observationSchema } from "@assay/sdk";
import { isRed, type Limits, raise } from "#domain";
import {
  type Blobs,
  type ControlRequest,
  canonicalJson,
  type ProjectProfile,
  type RunTests,
  type Snapshot,
  type TestRun,
  type Workspace,
} from "#ports";
import { executedOracle, rewrittenOracle } from "./oracle-digest.ts";
import type { WorkflowTools } from "./tools.ts";

export type ObserveRequest = {
  purpose: EvidencePurpose;
  snapshot: Snapshot;
  profile: ProjectProfile;
  workspace: Workspace;
  patch?: Digest;
  /** What the patch applies to, where the snapshot is a tree with it applied. */
  base?: Digest;
  /** Runs the tests in another order, where the runner can. */
  shuffleSeed?: number;
  limits: Limits;
  /** Only these tests, by their ids; absent: all. What was seen of a selection proves nothing of a suite, and the judge knows it. */
  selection?: readonly string[];
  /** Runs altered copies of the tests too, which must fail; where that cannot be done the observation says why. */
  controls?: ControlRequest;
  /** What the verdict needs: `out-of-process` is tried where the runner knows how, and an ordinary run is made where that does not do. */
  minLevel?: VerdictLevel;
  /** One test's own limit; the runner's default before anything is known. */
  testMsMax?: number;
  signal: AbortSignal;
};

/** What was executed, whoever did it. */
export type ObservedRun = Pick<ObserveRequest, "purpose" | "snapshot" | "profile" | "patch" | "base" | "controls"> & {
  /** Which execution it was. */
  execution: string;
  selection?: readonly string[];
  worker?: string;
};

/** What a step keeps of an execution; the whole observation is in the store under `evidence.digest`. */
export type Observed = {
  evidence: Evidence;
  termination: Termination;
  /** The end of what the command printed, for a message when there is nothing better. */
  lastWords: string;
};

const lastWordsMax = 300;
const uncontrolledMax = 1000;

/** Runs the oracle once and stores what was seen; returns the reference once the bytes are safe. */
export async function observe(tools: WorkflowTools, request: ObserveRequest): Promise<Observed> {
  const { profile, workspace, limits, signal } = request;
  const runner = tools.runners[profile.runner];
  const asked: RunTests = {
    profile,
    workspace,
    selection: request.selection ?? [],
    ...(request.testMsMax === undefined ? {} : { testMsMax: request.testMsMax }),
    ...(request.shuffleSeed === undefined ? {} : { shuffleSeed: request.shuffleSeed }),
    limits,
    signal,
  };
  const outside = request.minLevel === "out-of-process" ? await runner.runOutOfProcess?.(asked) : undefined;
  const { controls } = request;
  const run = outside ?? (await runner.run({ ...asked, ...(controls === undefined ? {} : { controls }) }));
  refuseUnobserved(run.termination);
  return await recordObservation(tools, { ...request, execution: workspace.name }, run);
}

/** Stores what an execution showed, here or, where `worker` is named, at a worker that signed for it. */
export async function recordObservation(
  tools: Pick<WorkflowTools, "blobs">,
  request: ObservedRun,
  run: Omit<TestRun, "stdout" | "stderr"> & { stdout: { text: string }; stderr: { text: string } },
): Promise<Observed> {
  const { snapshot, profile } = request;
  const rewritten = rewrittenOracle(run.written);
  const observation: Observation = {
    execution: request.execution,
    base: request.base ?? snapshot.digest,
    ...(request.patch === undefined ? {} : { patch: request.patch }),
    // Hashed anew for every execution: it is what was mounted, not what was there once.
    oracle: await executedOracle(snapshot, profile.oracleFiles, run.written),
    ...(rewritten.length === 0 ? {} : { rewritten }),
    selection: [...(request.selection ?? [])],
    report: run.report,
    termination: run.termination,
    stdout: await tools.blobs.put(run.stdout.text),
    stderr: await tools.blobs.put(run.stderr.text),
    isolation: run.isolation,
    level: run.level ?? "in-process",
    ...(run.controls === undefined ? {} : { controls: [...run.controls] }),
    ...(run.controlSeed === undefined
      ? {}
      : { controlSeed: run.controlSeed, controlTargets: [...(request.controls?.targets ?? [])] }),
    ...(run.uncontrolled === undefined ? {} : { uncontrolled: run.uncontrolled.slice(0, uncontrolledMax) }),
    ...(request.worker === undefined ? {} : { worker: request.worker }),
    durationMs: run.durationMs,
  };
  const digest = await tools.blobs.put(canonicalJson(observation));
  const printed = `${run.stdout.text}\n${run.stderr.text}`.trim();
  return {
    evidence: {
      digest,
      purpose: request.purpose,
      counts: countOutcomes(run.report),
      ...(run.controls === undefined ? {} : { controls: countControls(run.controls) }),
      ...(observation.uncontrolled === undefined ? {} : { uncontrolled: observation.uncontrolled }),
      durationMs: run.durationMs,
    },
    termination: run.termination,
    lastWords: printed.slice(-lastWordsMax),
  };
}

/** Where nothing was observed there is nothing to record: the step is tried again, now or when the run is resumed. */
export function refuseUnobserved(termination: Termination): void {
  if (termination.kind === "cancelled") raise("interrupted", "interrupted while the tests ran");
  if (termination.kind === "sandbox-fault") {
    raise("sandbox-failed", `the tests could not be run: ${termination.message}`, "run `assay doctor`");
  }
}

/** Reads an observation back; throws a `FaultError` if it is missing or altered. */
export async function loadObservation(blobs: Blobs, digest: Digest): Promise<Observation> {
  const bytes = await blobs.get(digest);
  if (bytes === undefined)
    raise("journal-corrupt", `evidence ${digest} is missing from the store`, "start the run again");
  return observationSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
}

/** What was skipped with its test did not run. */
function countControls(controls: readonly ControlResult[]): Evidence["controls"] {
  const ran = controls.filter(({ outcome }) => outcome !== "skipped" && outcome !== "not-run");
  return { ran: ran.length, failed: ran.filter(({ outcome }) => outcome === "failed").length };
}

function countOutcomes(report: TestReport): Evidence["counts"] {
  const counts = { collected: report.collected.length, passed: 0, failed: 0, skipped: 0, other: 0 };
  for (const { outcome } of report.results) {
    if (outcome === "passed") counts.passed += 1;
    else if (outcome === "skipped") counts.skipped += 1;
    else if (isRed(outcome)) counts.failed += 1;
    else counts.other += 1;
  }
  return counts;
}
