import type {
  Ambiguity,
  ArtifactKind,
  ChangeExpectation,
  ClassifiedFailure,
  Digest,
  Evidence,
  Exploration,
  Failure,
  Fault,
  Goal,
  Isolation,
  Observation,
  Provenance,
  RunOutcome,
  TestOutcome,
  Verdict,
  Violation,
} from "@assay/sdk";
import type { HunkStanding } from "#domain";

/** What a person sees of a run: the one source for HTML, Markdown and whatever comes later. Times are milliseconds. */
export type RunView = {
  runId: string;
  assayVersion: string;
  workflow: string;
  goal?: Goal;
  /** Unix epoch. */
  startedAt: number;
  durationMs: number;
  outcome: RunOutcome | "running";
  /** One or two sentences. */
  summary: string;
  fault?: Fault;
  applied: boolean;
  project?: { language: string; runner: string; details: readonly string[] };
  base?: Digest;
  baseline?: SuiteView;
  /** Executions of the unchanged project, in order. */
  baselineRuns: readonly Evidence[];
  after?: SuiteView;
  /** Tests whose outcome before or after is known, what changed first. */
  tests: readonly TestChange[];
  failures: readonly ClassifiedFailure[];
  flakes: readonly string[];
  proposers: readonly ProposerView[];
  /** In the order they were proposed. */
  candidates: readonly CandidateView[];
  /** The candidate that was locked in, else the accepted one, else the one that came furthest. */
  best?: CandidateView;
  /** Why none of several proven changes was chosen. */
  ambiguity?: Ambiguity;
  /** Of a change under judgement. */
  change?: ChangeView;
  /** Most suspicious first, at most 10; empty when a change was accepted. */
  suspects: readonly Suspect[];
  steps: readonly StepView[];
  /** How often a process took the run; more than one: it was resumed. */
  leases: number;
  isolation?: Isolation;
  spent: Readonly<Record<string, number>>;
  artifacts: readonly { kind: ArtifactKind; path: string; digest: Digest }[];
  receipt?: ReceiptFacts;
  /** What was other than expected, in order, with what was found out about it. */
  unexpected: readonly UnexpectedView[];
  /** What models were asked, in order, and what routers, agents, people and councils decided on the way. */
  asked: readonly AskedView[];
  decisions: readonly { who: string; what: string }[];
  notes: readonly { level: "info" | "warning"; message: string }[];
};

export type SuiteView = {
  observation: Observation;
  counts: Readonly<Record<TestOutcome, number>>;
  collected: number;
};

export type TestChange = {
  id: string;
  before?: TestOutcome;
  after?: TestOutcome;
  change: "healed" | "regressed" | "still-failing" | "changed" | "same";
  /** Why it does not pass: after the change where that is known, else before. */
  failure?: Failure;
  /** Its outcome differed between runs of the same code. */
  flaky: boolean;
};

export type ProposerView = { proposer: string; tried: number; plausible: number; durationMs: number; attempts: number };

export type CandidateView = {
  id: string;
  diff: string;
  patch: Digest;
  provenance: Provenance;
  verdict?: Verdict;
  evidence: readonly Evidence[];
};

export type ChangeView = { expectation: ChangeExpectation; hunks: readonly HunkStanding[] };

export type Suspect = { file: string; line: number; score?: number; why: string };

export type UnexpectedView = { violation: Violation; explorations: readonly Exploration[] };

/** `startMs` counts from the run's start. */
export type StepView = { key: string; startMs: number; durationMs: number };

/** `digest`: of `receipt.json`. */
export type ReceiptFacts = { keyid: string; bundle: string; digest: Digest };

/** One call of a model. */
export type AskedView = {
  model: string;
  prompt: string;
  outcome: string;
  tokens: number;
  costMicroUsd: number;
  /** The provider did not say: the most that it can be. */
  estimated: boolean;
  durationMs: number;
};
