import type { RunnerName } from "@assay/sdk";
import type { Blobs, Knowledge, ProjectDetector, ProposalProgress, Sandbox, TestRunner, Workspaces } from "#ports";
import type { Signer } from "#receipt";
import type { AttestationDesk } from "./attest/attestation-desk.ts";

/** What is going on right now, for the person watching; never recorded. */
export type Progress =
  | { kind: "phase"; phase: string; detail?: string }
  | ({ kind: "proposing"; proposer: string } & ProposalProgress)
  | { kind: "counting"; what: string; done: number; total: number; detail?: string };

/** What every workflow touches the world with. */
export type WorkflowTools = {
  assayVersion: string;
  sandbox: Sandbox;
  workspaces: Workspaces;
  detector: ProjectDetector;
  runners: Readonly<Record<RunnerName, TestRunner>>;
  blobs: Blobs;
  /** What worked before, and where what works now is kept; absent where nothing is to be learned. */
  knowledge?: Knowledge;
  /** Asked for when something is signed: a run that proves nothing makes no key. */
  signer: () => Promise<Signer>;
  /** What decides about testers' reports; absent where none are served. */
  attestation?: AttestationDesk;
  /** Each run's artifacts are in a folder of its own below `runs`. */
  directories: { runs: string; checklist: string };
  progress: (progress: Progress) => void;
};
