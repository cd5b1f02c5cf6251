import type { Fault } from "@assay/sdk";
import { FaultError } from "#domain";
import type { ModelRequest, ProposalRequest } from "#ports";
import { answerJsonSchema } from "./answers/answer-schema.ts";
import { hypothesisJsonSchema } from "./answers/read-hypothesis.ts";
import { type ComposeOptions, type Composition, compose } from "./compose.ts";
import { composeHypothesis } from "./compose-hypothesis.ts";
import type { ModelCursor } from "./cursor.ts";
import type { ModelProposerOptions } from "./model-proposer.ts";

/** An answer needs no more than this, and what it may cost is set aside before. */
const outputTokensMax = 16_000;

export type ModelQuestion = { composition: Composition; asked: ModelRequest };

/** What a model is asked next; the same each time for the same request and place. A fault where not even the least fits its window. */
export async function questionFor(
  request: ProposalRequest,
  { mode, complaint }: ModelCursor,
  { model, temperature, structured, blobs }: ModelProposerOptions,
): Promise<ModelQuestion | { fault: Fault }> {
  const { contextTokensMax, outputTokensMax: most } = model.description;
  const window = { contextTokensMax, outputTokensMax: Math.min(most, outputTokensMax) };
  const earlier = complaint === undefined ? undefined : await blobs.get(complaint.answer);
  const options: ComposeOptions = {
    mode,
    window,
    ...(complaint === undefined
      ? {}
      : { complaint: { answer: new TextDecoder().decode(earlier), problem: complaint.problem } }),
    ...(structured === undefined ? {} : { structured }),
  };
  const wantsHypothesis = request.wanted === "hypothesis";
  let composition: Composition;
  try {
    composition = wantsHypothesis
      ? { ...(await composeHypothesis(request, options)), mode }
      : await compose(request, options);
  } catch (error) {
    if (error instanceof FaultError) return { fault: error.fault };
    throw error;
  }
  const asked = {
    messages: composition.messages,
    outputTokensMax: window.outputTokensMax,
    ...(temperature === undefined ? {} : { temperature }),
    ...(structured ? { schema: wantsHypothesis ? hypothesisJsonSchema : answerJsonSchema } : {}),
  };
  return { composition, asked };
}
