import type { Candidate, Digest, Evidence, Expectation, Verdict } from "@assay/sdk";
import { attemptName, judge, minLevelFor } from "#domain";
import type { Run } from "#engine";
import { isOraclePath } from "#oracle";
import { crashPoint } from "#ports";
import type { Baseline } from "./baseline.ts";
import { findUnsteady } from "./controls.ts";
import { expectHealed, type Targets } from "./expect.ts";
import { exploreCandidate } from "./explore-candidate.ts";
import type { RepairGoal, RepairTools } from "./goal.ts";
import { observationsMade, observeCandidate } from "./observe-candidate.ts";
import type { Project } from "./project.ts";
import type { Vet } from "./vet.ts";

/** Everything a candidate is judged against; the same for all candidates of a run. */
export type Case = {
  goal: RepairGoal;
  project: Project;
  baseline: Baseline;
  targets: Targets;
  /** What else a candidate has to be, told by reading it; absent: anything. */
  vet?: Vet;
  /** Ordinary runs of the suite may be made by testers that may attest; absent: everything is run here. */
  testers?: boolean;
};

/** A candidate and what became of it. */
export type Judged = {
  candidate: Candidate;
  diff: string;
  patch: Digest;
  /** What it was expected to turn green. */
  targets: Targets;
  expectation: Expectation;
  verdict: Verdict;
  /** What the verdict rests on, in the order it was made. */
  evidence: readonly Evidence[];
  /** What was found out about what came out other than expected; a sentence each. */
  findings?: readonly string[];
};

/**
 * Applies a candidate in a workspace of its own, runs the whole oracle, and judges what was seen.
 * `undefined` when the candidate cannot be applied: there is nothing to judge. `tried` is how many candidates there were to
 * find this one among.
 */
export async function checkCandidate(
  run: Run,
  tools: RepairTools,
  subject: Case,
  candidate: Candidate,
  tried = 1,
): Promise<Judged | undefined> {
  const { snapshot, profile } = subject.project;
  tools.progress({ kind: "phase", phase: "check", detail: candidate.provenance.summary });

  const prepared = await run.step(`${candidate.id}.apply`, { edits: candidate.edits }, async () => {
    await using workspace = await tools.workspaces.open(snapshot, attemptName(run.id, candidate.id, "apply"));
    const applied = await workspace.apply(candidate.edits);
    if (applied.kind === "failed") return applied;
    const diff = await workspace.diff();
    const changed = [...applied.changed];
    const vetted = await subject.vet?.({ changed, diff, read: (path) => workspace.read(path) });
    const patch = await tools.blobs.put(diff);
    return { kind: "applied" as const, changed, diff, patch, ...(vetted === undefined ? {} : { vetted }) };
  });
  if (prepared.kind === "failed") {
    const problems = prepared.problems.map(({ path, message }) => `${path}: ${message}`).join("; ");
    await run.emit({
      type: "note",
      level: "warning",
      message: `candidate ${candidate.id} does not apply: ${problems}`,
    });
    return undefined;
  }
  const { changed, diff, patch, vetted } = prepared;
  const { provenance } = candidate;
  await run.emit({ type: "candidate-proposed", candidate: candidate.id, patch, diff, provenance });
  if (vetted !== undefined && vetted.findings.length > 0) {
    await run.emit({ type: "guardrails-scanned", findings: vetted.findings });
  }

  const oracleFiles = new Set(profile.oracleFiles);
  // A file that would become part of the oracle counts like one that is.
  const isOracle = (path: string) => oracleFiles.has(path) || isOraclePath(profile.language, path);
  const plain = expectHealed(
    subject.baseline,
    subject.targets,
    { base: snapshot.digest, patch, oracleTouched: changed.filter(isOracle) },
    { observationsMade, minLevel: subject.goal.minLevel ?? minLevelFor(provenance.proposer) },
  );
  if (plain.oracleTouched.length === 0 && vetted?.refusal !== undefined) {
    const verdict: Verdict = { kind: "rejected", reasons: [vetted.refusal], evidence: [], level: "in-process" };
    await run.emit({ type: "verdict-reached", candidate: candidate.id, verdict });
    return { candidate, diff, patch, targets: subject.targets, expectation: plain, verdict, evidence: [] };
  }
  // Who touches the oracle is rejected without being run.
  const seen =
    plain.oracleTouched.length > 0
      ? []
      : await observeCandidate(run, tools, { case: subject, candidate, patch, minLevel: plain.minLevel });
  const cited = seen.map((one) => one.cited);
  const gathered = seen.map((one) => one.evidence);
  const first = judge(plain, cited);
  // Only what would be accepted is worth asking whether chance did it.
  const unsteady = first.kind === "accepted" ? await findUnsteady(run, tools, subject, candidate, tried) : [];
  const expectation = unsteady.length === 0 ? plain : { ...plain, unsteady };
  const verdict = unsteady.length === 0 ? first : judge(expectation, cited);
  await run.emit({ type: "verdict-reached", candidate: candidate.id, verdict });
  crashPoint("verdict-recorded");
  const judged = { candidate, diff, patch, targets: subject.targets, expectation, verdict, evidence: gathered };
  const findings = await exploreCandidate(run, tools, subject, judged, cited);
  return findings.length === 0 ? judged : { ...judged, findings };
}
