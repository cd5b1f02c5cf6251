import type { Violation } from "@assay/sdk";
import { type CitedObservation, findViolations, mustPass } from "#domain";
import type { Run } from "#engine";
import { splitHunks } from "#workspace";
import { explore } from "../explore/explore.ts";
import { passesOf } from "../explore/explored.ts";
import type { Case, Judged } from "./check.ts";
import type { RepairTools } from "./goal.ts";

/**
 * Looks into a candidate that was expected to pass and did not. One that leaves its own target red in every run is simply wrong: its
 * verdict says so, and nothing is looked into, unless it had passed before, in the search's own trial.
 */
export async function exploreCandidate(
  run: Run,
  tools: RepairTools,
  { project, baseline }: Case,
  judged: Judged,
  cited: readonly CitedObservation[],
): Promise<string[]> {
  const { candidate, expectation, verdict } = judged;
  if (verdict.kind === "accepted" || cited.length === 0 || !cameClose(judged, cited)) return [];
  const expected = {
    tests: mustPass(expectation),
    excusedFiles: expectation.excusedFiles,
    rewrittenBefore: expectation.rewrittenBefore ?? [],
    minLevel: expectation.minLevel,
  };
  const violations = [...unsteady(judged, cited), ...findViolations(candidate.id, expected, cited)];
  return explore(
    run,
    tools,
    {
      id: candidate.id,
      ...project,
      hunks: splitHunks(judged.diff),
      always: "",
      wallMsMax: baseline.wallMsMax,
      testMsMax: baseline.testMsMax,
      cited,
    },
    violations,
  );
}

function cameClose({ candidate, expectation }: Judged, cited: readonly CitedObservation[]): boolean {
  const { proposer } = candidate.provenance;
  if (proposer === "search" || proposer === "recent-hunks") return true;
  const targets = [...expectation.targets, ...expectation.targetFiles];
  return cited.some(({ observation }) => passesOf(observation, targets).size === targets.length);
}

/** Base and change were run in turns already: there is nothing more to look into. */
function unsteady({ candidate, expectation }: Judged, cited: readonly CitedObservation[]): Violation[] {
  const { unsteady: subjects } = expectation;
  if (subjects === undefined) return [];
  return [
    {
      id: `${candidate.id}.turns.flake`,
      kind: "flake",
      step: `${candidate.id}.controls`,
      expected: "the targets are red without the change and green with it, every time both are run in turns",
      observed: `${subjects[0] ?? "a target"} was not`,
      subjects: subjects.slice(0, 100),
      evidence: cited.map(({ digest }) => digest),
    },
  ];
}
