import { type Candidate, type PersonAnswer, personNameSchema } from "@assay/sdk";
import { attemptName, nothingSpent, type RunId, runId } from "#domain";
import {
  type Blobs,
  canonicalJson,
  digestOf,
  type PersonQuestion,
  type Proposal,
  type ProposalRequest,
  type Proposer,
  type Workspaces,
} from "#ports";
import type { Answer } from "./answer.ts";
import { awaitAnswer } from "./await-answer.ts";
import { readExcerpts } from "./excerpts.ts";
import { Mailbox } from "./mailbox.ts";
import type { PersonAtTerminal } from "./person-at-terminal.ts";
import { questionText } from "./question.ts";
import type { Given } from "./take-answer.ts";
import { visibleLine } from "./visible.ts";

export type HumanProposerOptions = {
  /** Assay's own folder of the project: `inbox/` and `outbox/` are made in it. */
  directory: string;
  workspaces: Pick<Workspaces, "open">;
  /** Keeps questions and answers by their digests. */
  blobs: Pick<Blobs, "put">;
  /** Whose answer it is where it does not say: the account that Assay runs under. */
  user: string;
  /** Asked at once; absent: the answer comes through the outbox. */
  terminal?: PersonAtTerminal;
  /** How long to wait for the outbox before the run pauses. Default 0. */
  waitMsMax?: number;
  /** How often to look meanwhile. Default 250. */
  pollMs?: number;
};

/** Questions to one person for one set of tests. */
const turnsMax = 10;

/**
 * Asks a person: in the terminal where somebody sits there, and always by a file, `inbox/<id>.md`, to be answered by `outbox/<id>.md`.
 * - Who has not answered when `waitMsMax` is over pauses the run: `waiting-for-signal` is thrown, nothing is recorded, and a resume asks the
 *   same question under the same id. An answer that cannot be used is the same, with every complaint in `inbox/<id>.problem.md`.
 * - A change is only taken when it applies. It is judged like anybody's, and then the person is asked again, at most ten times in all.
 * - An opinion goes into `opinion`, for whoever is asked next, and ends the person's turns; so does giving up.
 * - What a person takes is not spent: the budget is the machine's.
 * Other faults thrown: `interrupted`, `disk-full`, `state-not-writable`, and those of opening a workspace.
 */
export class HumanProposer implements Proposer {
  readonly name = "human";
  readonly #options: HumanProposerOptions;
  readonly #mailbox: Mailbox;

  constructor(options: HumanProposerOptions) {
    this.#options = options;
    this.#mailbox = new Mailbox(options.directory);
  }

  asks(request: ProposalRequest): PersonQuestion {
    const { snapshot, targets, task } = request;
    const asked = digestOf(canonicalJson({ base: snapshot.digest, targets: [...targets], task: task ?? null }));
    // Rounds of one run ask for different tests: their turns count apart.
    const signal = `${runOf(request)}.${turnOf(request)}-${asked.slice(-8)}`;
    return { signal, inbox: this.#mailbox.inbox(signal), outbox: this.#mailbox.outbox(signal) };
  }

  async propose(request: ProposalRequest): Promise<Proposal> {
    const place = this.asks(request);
    const question = await this.#question(request, place);
    await this.#mailbox.pose(place.signal, question);
    const { terminal, waitMsMax = 0, pollMs = 250 } = this.#options;
    const given = await awaitAnswer(
      { mailbox: this.#mailbox, open: () => this.#open(request), terminal, waitMsMax, pollMs },
      request,
      place,
      question,
    );
    await this.#mailbox.settle(place.signal);
    return this.#proposal(request, place, question, given);
  }

  async #question(request: ProposalRequest, { outbox }: PersonQuestion): Promise<string> {
    await using workspace = await this.#open(request);
    const excerpts = await readExcerpts(request.failures, (path) => workspace.read(path));
    return questionText(request, { turn: turnOf(request), excerpts, outbox });
  }

  #open(request: ProposalRequest) {
    return this.#options.workspaces.open(request.snapshot, attemptName(runOf(request), request.task ?? "human", "ask"));
  }

  async #proposal(
    request: ProposalRequest,
    { signal }: PersonQuestion,
    question: string,
    { text, via, answer }: Given,
  ): Promise<Proposal> {
    const by = answer.by ?? personNameSchema.catch("a person").parse(this.#options.user);
    const record: PersonAnswer = {
      kind: answer.kind,
      by,
      via,
      questionDigest: await this.#options.blobs.put(question),
      answerDigest: await this.#options.blobs.put(text),
    };
    const candidates = answer.kind === "patch" ? [candidateOf(signal, by, answer)] : [];
    const turn = turnOf(request);
    return {
      candidates,
      tried: candidates.length,
      spent: { ...nothingSpent, candidates: candidates.length },
      suspects: [],
      answer: record,
      ...(answer.kind === "opinion"
        ? { opinion: answer.text, reason: `${by} thinks: ${visibleLine(answer.text)}` }
        : {}),
      ...(answer.kind === "nothing" ? { reason: `${by} has nothing to propose` } : {}),
      ...(answer.kind === "patch" && turn < turnsMax ? { cursor: String(turn + 1) } : {}),
    };
  }
}

function candidateOf(signal: string, by: string, { edit, because }: Extract<Answer, { kind: "patch" }>): Candidate {
  const why = because?.split("\n", 1)[0];
  return {
    // The same change proposed twice is two candidates.
    id: `human-${signal.slice(signal.lastIndexOf(".") + 1)}`,
    edits: [edit],
    provenance: {
      proposer: "human",
      method: by,
      summary: why === undefined ? `change by ${by}` : visibleLine(`${by}: ${why.replace(/[.\s]+$/, "")}`, 200),
    },
  };
}

function turnOf({ cursor }: ProposalRequest): number {
  const turn = Number(cursor ?? "1");
  if (!Number.isInteger(turn) || turn < 1 || turn > turnsMax) throw new RangeError(`not a person's cursor: ${cursor}`);
  return turn;
}

function runOf({ run }: ProposalRequest): RunId {
  return run ?? runId(`human-${process.pid.toString(36).padStart(8, "0")}`);
}
