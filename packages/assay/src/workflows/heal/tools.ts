import type { Goal, RunnerName } from "@assay/sdk";
import type { Blobs, ProjectDetector, ProposalProgress, Proposer, Sandbox, TestRunner, Workspaces } from "#ports";
import type { Signer } from "#receipt";

export type HealGoal = Extract<Goal, { kind: "heal" }>;

export type HealPhase = "snapshot" | "detect" | "baseline" | "propose" | "check" | "minimise" | "lock-in" | "apply";

/** What is going on right now, for the person watching; never recorded. */
export type HealProgress =
  | { kind: "phase"; phase: HealPhase; detail?: string }
  | ({ kind: "proposing"; proposer: string } & ProposalProgress);

/** Everything the heal workflow touches the world with. */
export type HealTools = {
  assayVersion: string;
  sandbox: Sandbox;
  workspaces: Workspaces;
  detector: ProjectDetector;
  runners: Readonly<Record<RunnerName, TestRunner>>;
  /** Who is asked for this goal, in this order. */
  proposers: (goal: HealGoal) => readonly Proposer[];
  blobs: Blobs;
  /** Asked for when something is signed: a run that proves nothing makes no key. */
  signer: () => Promise<Signer>;
  /** Each run's artifacts are in a folder of its own below `runs`. */
  directories: { runs: string; checklist: string };
  progress: (progress: HealProgress) => void;
};
