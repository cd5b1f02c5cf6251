import type { Candidate, Edit, ModelCall } from "@assay/sdk";
import { nothingSpent, type Spending } from "#domain";
import {
  type Blobs,
  canonicalJson,
  digestOf,
  type Knowledge,
  type LanguageModel,
  type ModelAnswer,
  type Proposal,
  type ProposalRequest,
  type Proposer,
  recordCall,
  spentOn,
} from "#ports";
import { chooseMode } from "./answers/choose-mode.ts";
import { learnedMode } from "./answers/learned-mode.ts";
import { readAnswer } from "./answers/read-answer.ts";
import { type Hypothesis, readHypothesis } from "./answers/read-hypothesis.ts";
import { afterFailure, type ModelCursor, nextCursor, readCursor, writeCursor } from "./cursor.ts";
import { usdPerMillionTokens } from "./providers/cost.ts";
import { questionFor } from "./question-for.ts";
import { summaryOf } from "./summary-of.ts";

export type ModelProposerOptions = {
  model: LanguageModel;
  /** Where one model sits twice; default: its id. */
  instance?: string;
  /** Keeps prompts and answers by their digests. */
  blobs: Blobs;
  /** Candidates proposed at most. Default 3. */
  candidatesMax?: number;
  temperature?: number;
  /** The provider holds answers to a JSON schema. */
  structured?: boolean;
  /** Where kinds of edits are chosen by what was learned. */
  knowledge?: Knowledge;
  /** Wall clock of one call, all tries together. Default 10 min. */
  callMsMax?: number;
};

const candidatesMaxDefault = 3;
const callMsMaxDefault = 10 * 60_000;

type Answered = Extract<ModelAnswer, { kind: "answered" }>;
type Failed = Extract<ModelAnswer, { kind: "failed" }>;
type Record = (outcome: string) => Promise<ModelCall>;

/**
 * Asks a language model. One proposal is one call: what it may cost at most is known before, and what comes back is recorded. An answer that
 * cannot be used is told to the model with the exact reason, once for each kind of edit; the same change again ends the attempt.
 */
export class ModelProposer implements Proposer {
  readonly name = "model";
  readonly instance: string;
  readonly hypothesises = true;
  readonly usdPerMillionTokens?: number;
  readonly #options: ModelProposerOptions;

  constructor(options: ModelProposerOptions) {
    const { id, price } = options.model.description;
    this.#options = options;
    this.instance = options.instance ?? id;
    if (price !== undefined) this.usdPerMillionTokens = usdPerMillionTokens(price);
  }

  async worstCase(request: ProposalRequest): Promise<Partial<Spending>> {
    const { callMsMax = callMsMaxDefault, model } = this.#options;
    const composed = await questionFor(request, await this.#cursor(request), this.#options);
    // It will not be asked: nothing is set aside.
    if ("fault" in composed) return {};
    const { asked } = composed;
    return { ...model.worstCase(asked), wallMs: Math.min(callMsMax, request.budget.wallMsMax), candidates: 1 };
  }

  async propose(request: ProposalRequest): Promise<Proposal> {
    const cursor = await this.#cursor(request);
    const composed = await questionFor(request, cursor, this.#options);
    if ("fault" in composed) return { candidates: [], tried: 0, spent: nothingSpent, suspects: [], ...composed };
    const { composition, asked } = composed;
    const { model, blobs } = this.#options;
    const answer = await model.ask({
      ...asked,
      wallMsMax: request.budget.wallMsMax,
      ...(request.signal === undefined ? {} : { signal: request.signal }),
      onProgress: (received) =>
        request.onProgress?.({ tried: cursor.turn, plausible: 0, current: `${this.instance}: ${received} characters` }),
    });
    const record = (outcome: string) => recordCall(blobs, model, composition, answer, outcome);
    if (answer.kind === "failed") return failed(answer, cursor, await record(answer.fault.message));
    if (request.wanted === "hypothesis") return await this.#hypothesis(request, answer, record);
    const read = await readAnswer(answer.text, answer.end, request, composition.mode);
    const call = await record(read.kind === "edit" ? `edit: ${read.mode}` : read.problem);
    const candidates = read.kind === "edit" ? [this.#candidate(read, cursor)] : [];
    const next = nextCursor(cursor, read, call.answerDigest, this.#options.candidatesMax ?? candidatesMaxDefault);
    return {
      ...proposalOf(answer, candidates, call),
      ...(read.kind === "edit" ? { methods: { [read.mode]: 1 } } : { reason: read.problem }),
      ...goingOn(next),
    };
  }

  async #hypothesis(request: ProposalRequest, answer: Answered, record: Record): Promise<Proposal> {
    const read = readHypothesis(answer.text, answer.end, request);
    if (read.kind === "unusable") {
      return { ...proposalOf(answer, [], await record(read.problem)), reason: read.problem };
    }
    return { ...proposalOf(answer, [], await record("hypothesis")), hypothesis: inWords(read.hypothesis) };
  }

  async #cursor(request: ProposalRequest): Promise<ModelCursor> {
    if (request.cursor !== undefined) return readCursor(request.cursor);
    const ruled = chooseMode(request.failures, request);
    const [first] = request.failures;
    const { knowledge } = this.#options;
    if (knowledge === undefined || first === undefined) return { turn: 0, candidates: 0, mode: ruled };
    const about = { language: request.profile.language, category: first.category };
    return { turn: 0, candidates: 0, mode: learnedMode(ruled, await knowledge.read(), about) };
  }

  #candidate({ edits, reasoning }: { edits: Edit[]; reasoning: string }, { turn }: ModelCursor): Candidate {
    const id = this.instance;
    return {
      // Two models may well write the same: each is a candidate of its own.
      id: `model-${digestOf(canonicalJson({ id, turn, edits })).slice(-16)}`,
      edits,
      provenance: { proposer: "model", method: id, summary: summaryOf(id, edits, reasoning), rank: turn },
    };
  }
}

function inWords({ cause, place, refutation }: Hypothesis): string {
  const where = place.line === undefined ? place.file : `${place.file}:${place.line}`;
  return `${cause}\nPlace: ${where}\nIt would be wrong if: ${refutation}`;
}

function failed(answer: Failed, cursor: ModelCursor, call: ModelCall): Proposal {
  return { ...proposalOf(answer, [], call), fault: answer.fault, ...goingOn(afterFailure(cursor, answer)) };
}

function goingOn(next: ModelCursor | undefined): Pick<Proposal, "cursor"> {
  return next === undefined ? {} : { cursor: writeCursor(next) };
}

function proposalOf(answer: ModelAnswer, candidates: Candidate[], call: ModelCall): Proposal {
  const spent = { ...nothingSpent, ...spentOn(answer), candidates: candidates.length };
  return { candidates, tried: candidates.length, spent, suspects: [], calls: [call] };
}
