import { randomInt } from "node:crypto";
import type { Candidate, CheckInput, Digest, Evidence, EvidencePurpose, VerdictLevel } from "@assay/sdk";
import { attemptName, type CitedObservation, type Limits, type SuiteSeen, suiteLimits } from "#domain";
import type { Run } from "#engine";
import { type ControlRequest, crashPoint, type Workspace } from "#ports";
import { projectFiles } from "#proposers";
import { type Attested, attestedCheck, type CheckRequest, settleDoubt } from "../attest/attested-check.ts";
import { keepReported } from "../attest/keep-reported.ts";
import { loadObservation, type Observed, observe } from "../observe.ts";
import type { Case } from "./check.ts";
import type { RepairTools } from "./goal.ts";

/** A candidate that was applied, and how it is to be looked at. */
export type Subject = { case: Case; candidate: Candidate; patch: Digest; minLevel: VerdictLevel };

/** An execution with its reference. */
export type Seen = { evidence: Evidence; cited: CitedObservation };

type Purpose = Extract<EvidencePurpose, "check" | "recheck">;

/** How often a candidate is run. */
export const observationsMade = 2;

/**
 * Runs the whole oracle twice, each time in a fresh sandbox; the second must agree with the first. In the second, altered copies that must
 * fail run beside the tests: the first already was an ordinary run, so between them a suite is seen as it is and as nobody could
 * foresee it. The first may be a tester's; the second never is, and what a tester reported is compared with it.
 */
export async function observeCandidate(run: Run, tools: RepairTools, subject: Subject): Promise<Seen[]> {
  if (subject.case.testers !== true) {
    return [await observeHere(run, tools, subject, "check"), await observeHere(run, tools, subject, "recheck")];
  }
  const request = await requestOf(run, tools, subject);
  const check = await attestedCheck(run, tools, request);
  const recheck = await observeHere(run, tools, subject, "recheck");
  const doubted = await doubtedBy(run, tools, request, check.by, recheck);
  return [doubted ?? check.result, recheck];
}

async function doubtedBy(
  run: Run,
  tools: RepairTools,
  request: CheckRequest<Seen>,
  by: Attested | undefined,
  { cited }: Seen,
): Promise<Seen | undefined> {
  if (by === undefined) return undefined;
  // Made with controls, it reaches another level.
  return await settleDoubt(run, tools, request, by, { ...seenIn(cited), level: undefined });
}

async function requestOf(run: Run, tools: RepairTools, subject: Subject): Promise<CheckRequest<Seen>> {
  const { project, baseline } = subject.case;
  const key = `${subject.candidate.id}.check`;
  const [first] = baseline.evidence;
  if (first === undefined) throw new Error("a baseline without evidence");
  return {
    key,
    input: () => inputOf(tools, subject),
    isolation: (await loadObservation(tools.blobs, first.digest)).isolation,
    flaky: new Set(baseline.flaky),
    here: async (nth) => {
      const seen = await observeHere(run, tools, subject, "check", nth);
      return { seen: seenIn(seen.cited), result: seen };
    },
    keep: async (output, worker) => {
      const reported = {
        purpose: "check" as const,
        ...project,
        patch: subject.patch,
        execution: `${key}.remote`,
        worker,
      };
      // What a tester says that it took must not use up the run's time.
      const durationMs = Math.min(output.durationMs, baseline.wallMsMax);
      return await record(run, tools, subject, `${key}.kept`, "check", () =>
        keepReported(tools, reported, { ...output, durationMs }),
      );
    },
  };
}

/** Everything that a tester needs: the files with the patch applied, and how they are run. */
async function inputOf(tools: RepairTools, subject: Subject): Promise<CheckInput | undefined> {
  const { project, baseline } = subject.case;
  const { snapshot, profile } = project;
  const derived = await tools.workspaces.derive(snapshot, subject.candidate.edits);
  const files = derived.kind === "failed" ? undefined : await projectFiles(derived.snapshot, tools.blobs);
  if (files === undefined) return undefined;
  const { runner, oracleFiles } = profile;
  const suite = { runner, oracleFiles: [...oracleFiles], selection: [], testMsMax: Math.ceil(baseline.testMsMax) };
  const limits = limitsOf(subject);
  return { version: 1, kind: "check", base: snapshot.digest, patch: subject.patch, files, suite: { ...suite, limits } };
}

function observeHere(run: Run, tools: RepairTools, subject: Subject, purpose: Purpose, nth = 1): Promise<Seen> {
  const { patch, minLevel } = subject;
  const { project, baseline } = subject.case;
  const name = nth === 1 ? purpose : `${purpose}-${nth}`;
  return record(run, tools, subject, `${subject.candidate.id}.${name}`, purpose, async () => {
    await using workspace = await openWith(run, tools, subject, name);
    return await observe(tools, {
      purpose,
      ...project,
      workspace,
      patch,
      limits: limitsOf(subject),
      testMsMax: baseline.testMsMax,
      ...(purpose === "recheck" ? { controls: drawControls(subject.case), minLevel } : {}),
      signal: run.abort,
    });
  });
}

/** Makes an observation as the step `key`, within the budget, and journals it. */
async function record(
  run: Run,
  tools: RepairTools,
  { candidate, patch }: Subject,
  key: string,
  purpose: Purpose,
  make: () => Promise<Observed>,
): Promise<Seen> {
  const reservation = await run.reserve(`${key}.time`, { wallMs: 1 });
  const { evidence } = await run.step(key, { patch, purpose }, make);
  await reservation.settle({ wallMs: evidence.durationMs });
  // Evidence before verdict: a crash between them must leave proof, never an unproven claim.
  await run.emit({ type: "evidence-recorded", candidate: candidate.id, evidence });
  crashPoint("evidence-recorded");
  const { digest } = evidence;
  return { evidence, cited: { digest, observation: await loadObservation(tools.blobs, digest) } };
}

function seenIn({ observation }: CitedObservation): SuiteSeen {
  const { report, termination, level, rewritten = [] } = observation;
  return { report, termination, level, written: rewritten };
}

function limitsOf({ case: { baseline } }: Subject): Limits {
  return { ...suiteLimits, wallMsMax: Math.ceil(baseline.wallMsMax) };
}

const seedEnd = 2 ** 47;

/** Drawn anew for each run: what wrote the candidate cannot have known it. */
function drawControls({ baseline, targets }: Case): ControlRequest {
  return {
    seed: randomInt(seedEnd),
    targets: [...targets.tests, ...targets.files],
    collected: baseline.report.collected,
  };
}

async function openWith(
  run: Run,
  tools: RepairTools,
  { case: { project }, candidate }: Subject,
  name: string,
): Promise<Workspace> {
  const workspace = await tools.workspaces.open(project.snapshot, attemptName(run.id, candidate.id, name));
  const applied = await workspace.apply(candidate.edits);
  if (applied.kind === "failed") throw new Error(`applied before, not now: ${JSON.stringify(applied.problems)}`);
  return workspace;
}
