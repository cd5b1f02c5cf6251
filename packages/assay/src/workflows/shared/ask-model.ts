import { modelCallSchema } from "@assay/sdk";
import { z } from "zod";
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

/** One call of a model as a step of a run: its worst case set aside before, what it took settled after. Whoever reads the answer tells of the call. */
export async function askModel(
  run: Run,
  blobs: Blobs,
  key: string,
  model: LanguageModel,
  prompt: string,
  request: ModelRequest,
): Promise<AskedModel> {
  const reservation = await run.reserve(key, model.worstCase(request));
  const asked = await run.step(
    key,
    { messages: digestOf(canonicalJson(request.messages)) },
    async (signal) => {
      const answer = await model.ask({ ...request, signal });
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
