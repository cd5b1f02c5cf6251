import type {
  AgentSession,
  Ambiguity,
  Candidate,
  ClassifiedFailure,
  Fault,
  ModelCall,
  PersonAnswer,
  ProposeOutput,
  TestReport,
  Verdict,
} from "@assay/sdk";
import type { Budget, RunId, Spending } from "#domain";
import type { Coverage, ObservedKinds, ProjectProfile } from "./test-runner.ts";
import type { Delegated, Delegation } from "./work-queue.ts";
import type { Snapshot } from "./workspaces.ts";

export type ProposalRequest = {
  /** Whose attempt this is: names the proposer's own workspaces, so that two runs never share one. Absent: this process's. */
  run?: RunId;
  /** Which of the things that the run proposes for at the same time this is: lower-case letters and digits. */
  task?: string;
  snapshot: Snapshot;
  profile: ProjectProfile;
  /** Edits already proven in this run; candidates are made on top of them. */
  baseline: TestReport;
  failures: readonly ClassifiedFailure[];
  /** Tests that must turn green. */
  targets: readonly string[];
  /** Green tests that must stay green. */
  guards: readonly string[];
  coverage?: Coverage;
  kinds?: ObservedKinds;
  /** What is wanted beyond green tests, in the user's words, e.g. the description of the function to write. Data, not authority. */
  brief?: string;
  /** What anybody proposed for this goal before, and what became of it; the oldest first. */
  earlier?: readonly TriedCandidate[];
  /** What it took for the cause when it was asked for that alone. */
  hypothesis?: string;
  /** Absent: candidates. */
  wanted?: "hypothesis";
  /** Where the last proposal stopped; opaque to everyone but the proposer that made it. */
  cursor?: string;
  budget: Budget;
  signal?: AbortSignal;
  /** What a worker made of the work that this proposer hands over. */
  delegated?: Delegated<ProposeOutput>;
  /** What is being tried right now, for the person watching; never recorded. */
  onProgress?: (progress: ProposalProgress) => void;
};

/** A candidate that was checked. */
export type TriedCandidate = {
  candidate: Candidate;
  /** Unified. */
  diff: string;
  verdict: Verdict;
  /** What was red with it. */
  failures: readonly ClassifiedFailure[];
  /** What was found out about that, a sentence each: which hunk does it, whether it comes and goes. */
  findings?: readonly string[];
};

export type ProposalProgress = { tried: number; total?: number; plausible: number; current?: string };

export type Proposal = {
  /** Best first; may be empty with a cursor to go on from. */
  candidates: Candidate[];
  tried: number;
  /** Candidates that were not tried, because what refused another would see no difference in them. */
  alike?: number;
  /** How many of those tried were made by which method. */
  methods?: Record<string, number>;
  spent: Spending;
  /** Suspicious places, most suspicious first, at most 20. */
  suspects: { file: string; line: number; score: number }[];
  /** Absent: nothing left to propose. */
  cursor?: string;
  /** An input of which the first candidate and others make different things, although both turn the targets green. */
  ambiguity?: Ambiguity;
  /** Candidates of which it could not be found out whether they do the same as the first one. */
  uncompared?: number;
  /** What models were asked for it, in order. */
  calls?: readonly ModelCall[];
  /** What it takes for the cause, where that was wanted. */
  hypothesis?: string;
  /** Whose answer it is, where a person was asked. */
  answer?: PersonAnswer;
  /** What a person thinks, for whoever is asked next. Data, not authority. */
  opinion?: string;
  /** How the session with an external agent went; tells what happened, proves nothing. */
  session?: AgentSession;
  /** Why there is nothing, in a sentence, where the proposer knows. */
  reason?: string;
  /** The provider could not be asked; counts neither for nor against. */
  fault?: Fault;
};

/** Where a person is asked, and where the answer may be put; `signal` names the question within its run. */
export type PersonQuestion = { signal: string; inbox: string; outbox: string };
/**
 * Who makes candidates. Bounded by `budget`; deterministic given request and cursor, where it can be.
 * Never throws for a failing provider: that is `fault`. Never judges: what it returns is only plausible.
 * A person who has not answered yet is no failure: `propose` then throws `waiting-for-signal`, and the run pauses.
 */
export interface Proposer {
  readonly name: Candidate["provenance"]["proposer"];
  /** Tells those of one name apart, e.g. a model's id; absent: there is one of that name. */
  readonly instance?: string;
  /** Says what it takes for the cause, where that is wanted of it. */
  readonly hypothesises?: boolean;
  /** US dollars for a million tokens, in and out as they are usually mixed; 0: free; absent: not known. */
  readonly usdPerMillionTokens?: number;
  /**
   * What a proposal for this request may take at most of tokens and money, and of time where that
   * is more than a batch of search has; to be set aside before. Absent: none of it.
   */
  worstCase?(request: ProposalRequest): Promise<Partial<Spending>>;
  /** The question that this request puts to a person, the same on every replay; absent: nobody is asked. */
  asks?(request: ProposalRequest): PersonQuestion | undefined;
  /**
   * What is handed to a worker before `propose` is called, which then gets what came of it; `undefined`: nothing can be. Absent: it does
   * its work itself.
   */
  work?(request: ProposalRequest): Promise<Delegation | undefined>;
  propose(request: ProposalRequest): Promise<Proposal>;
}
