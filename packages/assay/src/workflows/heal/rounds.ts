import type { Ambiguity, Candidate, ClassifiedFailure } from "@assay/sdk";
import { attemptName, isRed, raise, suiteLimits, uncollectedFile } from "#domain";
import type { Run } from "#engine";
import { classify } from "#oracle";
import type { Panel, Proposer } from "#ports";
import { loadObservation, observe } from "../shared/observe.ts";
import type { Question } from "../shared/repair/ask.ts";
import { type Case, checkCandidate, type Judged } from "../shared/repair/check.ts";
import { measureCoverage } from "../shared/repair/coverage.ts";
import type { Targets } from "../shared/repair/expect.ts";
import { proposeAndCheck } from "../shared/repair/propose-and-check.ts";
import { addUp, nothingSearched, type Searched } from "../shared/repair/searched.ts";
import type { HealTools } from "./tools.ts";

/** Of the candidate that all proven changes make. */
export const togetherId = "together";

/** One bug each; a project with more is better healed in several runs. */
const roundsMax = 8;

/** For one candidate that turns everything green this many batches are spent; what heals one of the causes may still heal all. */
export const jointBatchesMax = 2;

/** Whether the failures may have several causes: they differ in kind or place. */
export function mayBeApart(failures: readonly ClassifiedFailure[], { targets }: Case): boolean {
  return groupsAmong(failures, targets).length > 1;
}

/** Whether asking again, for one cause at a time, is worth its price: who was paid and made no change at all will make none. */
export function mayHelpApart(proposer: Proposer, { judged }: Searched): boolean {
  if (proposer.worstCase === undefined) return true;
  const { name, instance } = proposer;
  return judged.some(({ candidate: { provenance } }) =>
    instance === undefined ? provenance.proposer === name : provenance.method === instance,
  );
}

/**
 * Heals failures of several causes one after the other: each round looks for a change that turns one group green and nothing
 * red, on top of what the rounds before proved. In the end all changes together are judged on the base, like any candidate.
 */
export async function healInRounds(
  run: Run,
  tools: HealTools,
  panel: Panel,
  { subject: whole, failures, measured, ...others }: Question,
): Promise<Searched> {
  const proven: Judged[] = [];
  const hopeless = new Set<string>();
  let total = nothingSearched;
  let ambiguity: Ambiguity | undefined;
  let current = whole;
  let known = failures;
  let lines = measured;
  for (let round = 1; round <= roundsMax; round += 1) {
    const isOpen = (name: string) => !hopeless.has(name);
    const { tests, files, excusedFiles } = current.targets;
    const [group] = groupsAmong(known, { tests: tests.filter(isOpen), files: files.filter(isOpen) });
    if (group === undefined) break;
    const otherFiles = files.filter((file) => !group.files.includes(file));
    const targets = { tests: group.tests, files: group.files, excusedFiles: [...excusedFiles, ...otherFiles] };
    const subject: Case = { ...current, targets };
    const before = current;
    const searched = await run.task(`round-${round}`, async (scope) => {
      // What the rounds before changed has moved lines, and lets tests come further.
      if (before !== whole) lines = await measureCoverage(scope, tools, subject);
      const question = { ...others, subject, failures: [group.failure], measured: lines };
      return proposeAndCheck(scope, tools, panel, question);
    });
    total = addUp(total, searched);
    if (searched.proven === undefined) {
      for (const name of [...group.tests, ...group.files]) hopeless.add(name);
      continue;
    }
    proven.push(searched.proven);
    ambiguity ??= searched.ambiguity;
    current = await goOnFrom(run, tools, current, searched.proven, round);
    // What could not be healed before may have had two causes, of which this was one.
    hopeless.clear();
    known = classify(current.baseline.report, current.project);
  }
  const together = proven.length === 0 ? undefined : await judgeTogether(run, tools, whole, current, proven);
  const { judged, tried, efforts, suspects, faults } = total;
  const unclear = ambiguity === undefined ? {} : { ambiguity };
  return {
    judged: together === undefined ? judged : [...judged, together],
    tried,
    efforts,
    suspects,
    faults,
    ...(together?.verdict.kind === "accepted" ? { proven: together, ...unclear } : {}),
  };
}

type Group = { failure: ClassifiedFailure; tests: string[]; files: string[] };

/**
 * The failures among these targets. Files that cannot be collected come first, since they hide their tests; then the largest group,
 * which probably has the most visible cause.
 */
function groupsAmong(failures: readonly ClassifiedFailure[], open: Pick<Targets, "tests" | "files">): Group[] {
  const [tests, files] = [new Set(open.tests), new Set(open.files)];
  return failures
    .map((failure) => {
      const file = uncollectedFile(failure.failure);
      return {
        failure,
        tests: failure.tests.filter((id) => tests.has(id)),
        files: failure.tests.length === 0 && files.has(file) ? [file] : [],
      };
    })
    .filter((group) => group.tests.length + group.files.length > 0)
    .sort((a, b) => b.files.length - a.files.length || b.tests.length - a.tests.length);
}

/** The case as it is with what was just proven: its snapshot, and what is still red in it. */
async function goOnFrom(run: Run, tools: HealTools, before: Case, proven: Judged, round: number): Promise<Case> {
  const { project, baseline } = before;
  const snapshot = await run.step(
    `round-${round}.derive`,
    { base: project.snapshot.digest, patch: proven.patch },
    async () => {
      const derived = await tools.workspaces.derive(project.snapshot, proven.candidate.edits);
      if (derived.kind === "failed") raise("workspace-failed", "a proven change could not be applied again");
      return derived.snapshot;
    },
  );
  const next = { ...project, snapshot };
  const { evidence } = await run.step(`round-${round}.observe`, { base: snapshot.digest }, async () => {
    await using workspace = await tools.workspaces.open(snapshot, attemptName(run.id, `round-${round}`, "observe"));
    const limits = { ...suiteLimits, wallMsMax: baseline.wallMsMax };
    const { testMsMax } = baseline;
    const purpose = "recheck" as const;
    return await observe(tools, { purpose, ...next, workspace, limits, testMsMax, signal: run.abort });
  });
  const { report } = await loadObservation(tools.blobs, evidence.digest);
  const red = new Set(report.results.filter(({ outcome }) => isRed(outcome)).map(({ id }) => id));
  const tests = before.targets.tests.filter((id) => red.has(id));
  const uncollected = new Set(report.collectionErrors.map(uncollectedFile));
  const files = before.targets.files.filter((file) => uncollected.has(file));
  return { ...before, project: next, baseline: { ...baseline, report }, targets: { ...before.targets, tests, files } };
}

/** All proven changes as one candidate for the base; what they leave red is excused by name. */
async function judgeTogether(
  run: Run,
  tools: HealTools,
  whole: Case,
  last: Case,
  proven: readonly Judged[],
): Promise<Judged | undefined> {
  const [only] = proven;
  if (only === undefined) return undefined;
  const left = new Set([...last.targets.tests, ...last.targets.files]);
  const candidate: Candidate = {
    id: togetherId,
    edits: proven.flatMap(({ candidate }) => candidate.edits),
    provenance: {
      proposer: only.candidate.provenance.proposer,
      method: [...new Set(proven.map(({ candidate }) => candidate.provenance.method))].join(", "),
      summary: proven.map(({ candidate }) => candidate.provenance.summary).join("; "),
    },
  };
  const targets: Targets = {
    tests: whole.targets.tests.filter((id) => !left.has(id)),
    files: whole.targets.files.filter((file) => !left.has(file)),
    excusedFiles: [...whole.targets.excusedFiles, ...last.targets.files],
  };
  return checkCandidate(run, tools, { ...whole, targets }, candidate);
}
