import { modelCallSchema } from "@assay/sdk";
import { z } from "zod";
import { faultPolicy, raise } from "#domain";
import type { Run } from "#engine";
import {
  type Blobs,
  canonicalJson,
  digestOf,
  type LanguageModel,
  type ModelAnswer,
  type ModelRequest,
  recordCall,
  spentOn,
} from "#ports";

const answerSchema = z.custom<ModelAnswer>((value) => typeof value === "object" && value !== null && "kind" in value);
const recordedSchema = z.object({ answer: answerSchema, call: modelCallSchema });

export type AskedModel = z.infer<typeof recordedSchema>;

export type AskOptions = {
  /** Where a provider cannot be asked now, the run pauses, to be asked again: an outage is no answer. */
  pausing?: boolean;
};

/** One call of a model as a step of a run: its worst case set aside before, what it took settled after. Whoever reads the answer tells of the call. */
export async function askModel(
  run: Run,
  blobs: Blobs,
  key: string,
  model: LanguageModel,
  prompt: string,
  request: ModelRequest,
  { pausing = false }: AskOptions = {},
): Promise<AskedModel> {
  const reservation = await run.reserve(key, model.worstCase(request));
  const asked = await run.step(
    key,
    { messages: digestOf(canonicalJson(request.messages)) },
    async (signal) => {
      const answer = await model.ask({ ...request, signal });
      if (pausing && isOutage(answer)) raise("breaker-open", answer.fault.message, "go on later: assay resume");
      const outcome = answer.kind === "answered" ? "answered" : answer.fault.message;
      const { messages } = request;
      return { answer, call: await recordCall(blobs, model, { prompt, messages }, answer, outcome) };
    },
    recordedSchema,
  );
  const { wallMs: _wall, ...spent } = spentOn(asked.answer);
  await reservation.settle(spent);
  return asked;
}

/** It may pass, and nothing was charged: nothing would be lost by asking again. */
function isOutage(answer: ModelAnswer): answer is Extract<ModelAnswer, { kind: "failed" }> {
  const { inputTokens, outputTokens } = answer.usage;
  if (answer.kind === "answered" || inputTokens + outputTokens > 0) return false;
  return faultPolicy(answer.fault.code).disposition === "retry";
}
