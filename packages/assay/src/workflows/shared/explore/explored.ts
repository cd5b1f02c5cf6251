import type { Exploration, Observation, Violation } from "@assay/sdk";
import { attemptName, type CitedObservation, suiteLimits } from "#domain";
import type { Run } from "#engine";
import type { ProjectProfile, Snapshot } from "#ports";
import { combineHunks } from "#workspace";
import { loadObservation, observe } from "../observe.ts";
import type { WorkflowTools } from "../tools.ts";

/** A change that came out other than expected. */
export type Explored = {
  /** Names steps and copies of files. */
  id: string;
  /** The base. */
  snapshot: Snapshot;
  profile: ProjectProfile;
  /** Changes that can be left out alone, as diffs against the base. */
  hunks: readonly string[];
  /** What is part of every variant, as a diff; empty for nothing. */
  always: string;
  wallMsMax: number;
  testMsMax: number;
  /** What was seen of the whole change. */
  cited: readonly CitedObservation[];
};

export type Found = Pick<Exploration, "conclusion" | "finding" | "subjects" | "evidence">;

/** Looks into a violation; what it runs is stored as evidence before anything is said about it. */
export type Explorer = (look: Look, violation: Violation) => Promise<Found>;

/** A variant of the change, run once. */
export type Look = {
  subject: Explored;
  tools: WorkflowTools;
  /** Tests that ran and were red, or files that could not be collected, among the subjects; `observation` says the rest. */
  run(hunks: readonly string[], selection: readonly string[]): Promise<CitedObservation>;
};

/** Opens a look at one change; copies are named after `what` and counted. */
export function lookAt(run: Run, tools: WorkflowTools, subject: Explored, what: string): Look {
  let runs = 0;
  return {
    subject,
    tools,
    async run(hunks, selection) {
      runs += 1;
      const name = attemptName(run.id, subject.id, `explore-${what}-${runs}`);
      await using workspace = await tools.workspaces.open(subject.snapshot, name);
      const diff = combineHunks([subject.always, ...hunks].filter((one) => one !== ""));
      const applied = diff === "" ? { kind: "applied" } : await workspace.apply([{ kind: "diff", diff }]);
      if (applied.kind === "failed") throw new Error(`a part of a change does not apply: ${diff.slice(0, 200)}`);
      const { snapshot, profile, testMsMax, wallMsMax } = subject;
      const limits = { ...suiteLimits, wallMsMax };
      const purpose = "rerun" as const;
      const request = { purpose, snapshot, profile, workspace, limits, testMsMax, selection, signal: run.abort };
      const { evidence } = await observe(tools, request);
      return { digest: evidence.digest, observation: await loadObservation(tools.blobs, evidence.digest) };
    },
  };
}

/** Which of these are as they should be: tests that passed, files that were collected. */
export function passesOf({ report }: Observation, subjects: readonly string[]): Set<string> {
  const outcomes = new Map(report.results.map(({ id, outcome }) => [id, outcome]));
  const broken = new Set(report.collectionErrors.flatMap(({ file, testFile }) => [file, testFile]));
  return new Set(
    subjects.filter((id) => {
      const outcome = outcomes.get(id);
      return outcome === undefined
        ? report.results.some(({ file }) => file === id) && !broken.has(id)
        : outcome === "passed";
    }),
  );
}
