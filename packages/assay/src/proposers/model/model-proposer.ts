import type { Candidate, Edit, Fault, ModelCall } from "@assay/sdk";
import { FaultError, nothingSpent, type Spending } from "#domain";
import {
  type Blobs,
  canonicalJson,
  digestOf,
  type Knowledge,
  type LanguageModel,
  type ModelAnswer,
  type ModelRequest,
  type Proposal,
  type ProposalRequest,
  type Proposer,
  recordCall,
  spentOn,
} from "#ports";
import { answerJsonSchema } from "./answers/answer-schema.ts";
import { chooseMode } from "./answers/choose-mode.ts";
import { learnedMode } from "./answers/learned-mode.ts";
import { readAnswer } from "./answers/read-answer.ts";
import { type Hypothesis, hypothesisJsonSchema, readHypothesis } from "./answers/read-hypothesis.ts";
import { type ComposeOptions, type Composition, compose } from "./compose.ts";
import { composeHypothesis } from "./compose-hypothesis.ts";
import { afterFailure, type ModelCursor, nextCursor, readCursor, writeCursor } from "./cursor.ts";
import { usdPerMillionTokens } from "./providers/cost.ts";
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
/** An answer needs no more than this, and what it may cost is set aside before. */
const outputTokensMax = 16_000;

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
    const composed = await this.#compose(request, await this.#cursor(request));
    // It will not be asked: nothing is set aside.
    if ("fault" in composed) return {};
    const { asked } = composed;
    return { ...model.worstCase(asked), wallMs: Math.min(callMsMax, request.budget.wallMsMax), candidates: 1 };
  }

  async propose(request: ProposalRequest): Promise<Proposal> {
    const cursor = await this.#cursor(request);
    const composed = await this.#compose(request, cursor);
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
    if (answer.kind === "failed") {
      const next = afterFailure(cursor, answer);
      return {
        ...proposalOf(answer, [], await record(answer.fault.message)),
        fault: answer.fault,
        ...(next === undefined ? {} : { cursor: writeCursor(next) }),
      };
    }
    if (request.wanted === "hypothesis") {
      const read = readHypothesis(answer.text, answer.end, request);
      if (read.kind === "unusable") {
        return { ...proposalOf(answer, [], await record(read.problem)), reason: read.problem };
      }
      const hypothesis = inWords(read.hypothesis);
      return { ...proposalOf(answer, [], await record("hypothesis")), hypothesis };
    }
    const read = await readAnswer(answer.text, answer.end, request, composition.mode);
    const call = await record(read.kind === "edit" ? `edit: ${read.mode}` : read.problem);
    const candidates = read.kind === "edit" ? [this.#candidate(read, cursor)] : [];
    const next = nextCursor(cursor, read, call.answerDigest, this.#options.candidatesMax ?? candidatesMaxDefault);
    return {
      ...proposalOf(answer, candidates, call),
      ...(read.kind === "edit" ? { methods: { [read.mode]: 1 } } : { reason: read.problem }),
      ...(next === undefined ? {} : { cursor: writeCursor(next) }),
    };
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

  async #compose(
    request: ProposalRequest,
    { mode, complaint }: ModelCursor,
  ): Promise<{ composition: Composition; asked: ModelRequest } | { fault: Fault }> {
    const { model, temperature, structured, blobs } = this.#options;
    const { contextTokensMax, outputTokensMax: most } = model.description;
    const window = { contextTokensMax, outputTokensMax: Math.min(most, outputTokensMax) };
    const earlier = complaint?.answer === undefined ? undefined : await blobs.get(complaint.answer);
    const options: ComposeOptions = {
      mode,
      window,
      ...(complaint === undefined
        ? {}
        : { complaint: { answer: new TextDecoder().decode(earlier), problem: complaint.problem } }),
      ...(structured === undefined ? {} : { structured }),
    };
    let composition: Composition;
    try {
      composition = await composed(request, options);
    } catch (error) {
      if (error instanceof FaultError) return { fault: error.fault };
      throw error;
    }
    const wantsHypothesis = request.wanted === "hypothesis";
    const asked = {
      messages: composition.messages,
      outputTokensMax: window.outputTokensMax,
      ...(temperature === undefined ? {} : { temperature }),
      ...(structured ? { schema: wantsHypothesis ? hypothesisJsonSchema : answerJsonSchema } : {}),
    };
    return { composition, asked };
  }

  #candidate({ edits, reasoning }: { edits: Edit[]; reasoning: string }, { turn }: ModelCursor): Candidate {
    const id = this.instance;
    return {
      // Two models may well write the same: each is a candidate of its own.
      id: `model-${digestOf(canonicalJson({ id, turn, edits })).slice(-16)}`,
      edits,
      provenance: { proposer: "model", method: id, summary: summaryOf(id, filesOf(edits), reasoning), rank: turn },
    };
  }
}

/** The hypothesis' prompt where that is wanted; else the repair's, with the hypothesis that came before. */
async function composed(request: ProposalRequest, options: ComposeOptions): Promise<Composition> {
  const { mode } = options;
  if (request.wanted === "hypothesis") return { ...(await composeHypothesis(request, options)), mode };
  return await compose(request, options);
}

function inWords({ cause, place, refutation }: Hypothesis): string {
  const where = place.line === undefined ? place.file : `${place.file}:${place.line}`;
  return `${cause}\nPlace: ${where}\nIt would be wrong if: ${refutation}`;
}

/** Of a diff, as its headers name them. */
function filesOf(edits: readonly Edit[]): string[] {
  const named = edits.flatMap((edit) =>
    edit.kind === "diff"
      ? [...edit.diff.matchAll(/^\+\+\+ (?:b\/)?(\S+)/gm)].map(([, path = ""]) => path)
      : [edit.path],
  );
  return [...new Set(named)];
}

function proposalOf(answer: ModelAnswer, candidates: Candidate[], call: ModelCall): Proposal {
  const spent = { ...nothingSpent, ...spentOn(answer), candidates: candidates.length };
  return { candidates, tried: candidates.length, spent, suspects: [], calls: [call] };
}
