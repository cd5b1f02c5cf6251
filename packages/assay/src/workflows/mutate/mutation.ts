import type { RunnerName } from "@assay/sdk";
import type { ProjectDetector, Revisions, TestRunner, Workspaces } from "#ports";

/** What mutation testing touches the world with. */
export type MutateTools = {
  workspaces: Workspaces;
  revisions: Revisions;
  detector: ProjectDetector;
  runners: Readonly<Record<RunnerName, TestRunner>>;
  known: KnownMutants;
  /** This program's: another one's outcomes do not stand. */
  version: string;
  progress: (text: string) => void;
};

export type MutateGoal = {
  root: string;
  /** Project-relative files or folders; none: all sources. */
  paths: readonly string[];
  /** Only lines that were added or changed since this git revision. */
  since?: string;
  /** Selectors in the runner's own syntax; none: all tests. */
  tests: readonly string[];
  /** Mutants at most: a sample that is the same every time, spread over all lines. */
  mutantsMax: number;
};

/** What became of mutants in earlier runs, by a key over everything that decides it. */
export interface KnownMutants {
  get(key: string): KnownMutant | undefined;
  set(key: string, known: KnownMutant): void;
}

export type KnownMutant = { status: "killed" | "survived"; killedBy?: string };

export type MutantStatus = "killed" | "survived" | "timed-out" | "errored" | "uncovered";

export type MutantResult = {
  file: string;
  /** 1-based. */
  line: number;
  /** The innermost function around it; absent at the top of the file. */
  function?: string;
  /** What kind of fault, in a few words. */
  fault: string;
  operator: string;
  /** UTF-16 code units of the file; `end` exclusive. */
  start: number;
  end: number;
  replacement: string;
  status: MutantStatus;
  /** Tests that execute its line. */
  coveredBy: readonly string[];
  killedBy?: string;
  /** Taken from an earlier run. */
  known: boolean;
};

export type MutatedFile = { path: string; source: string; mutants: MutantResult[] };

export type Mutation =
  /** Nothing can be said: why, in one sentence. */
  | { kind: "nothing"; why: string }
  /** There was nothing to do: why, in one sentence. */
  | { kind: "unchanged"; why: string }
  | {
      kind: "mutated";
      files: MutatedFile[];
      tests: readonly { id: string; file: string }[];
      /** Tests that did not pass without any mutant, and were left aside. */
      aside: readonly string[];
      /** Tests that passed once and not again, and were left aside. */
      unsteady: readonly string[];
      /** Edits that the operators offer; where there are more of them, the mutants are a sample. */
      possible: number;
    };
