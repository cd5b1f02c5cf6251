import type { ModelCall } from "@assay/sdk";
import type { Spending } from "#domain";
import type { Blobs } from "./blobs.ts";
import { canonicalJson } from "./digest.ts";
import type { LanguageModel, ModelAnswer, ModelMessage } from "./language-model.ts";

const outcomeMax = 500;

/** What is recorded of a call. Its texts are kept by their digests, so that anybody can read later what was asked and answered. */
export async function recordCall(
  blobs: Blobs,
  { description: { id: model } }: Pick<LanguageModel, "description">,
  asked: { prompt: string; messages: readonly ModelMessage[] },
  answer: ModelAnswer,
  outcome: string,
): Promise<ModelCall> {
  const { estimated, costMicroUsd, inputTokens, outputTokens, cachedInputTokens } = answer.usage;
  return {
    model,
    prompt: asked.prompt,
    promptDigest: await blobs.put(canonicalJson(asked.messages)),
    ...(answer.kind === "answered" ? { answerDigest: await blobs.put(answer.text) } : { fault: answer.fault }),
    end: answer.kind === "answered" ? answer.end : "failed",
    inputTokens,
    outputTokens,
    cachedInputTokens,
    costMicroUsd,
    estimated,
    wallMs: answer.wallMs,
    outcome: outcome.slice(0, outcomeMax),
  };
}

/** What a call took of a budget. */
export function spentOn({ usage, requests, wallMs }: ModelAnswer): Partial<Spending> {
  return {
    requests,
    tokens: usage.inputTokens + usage.outputTokens,
    costMicroUsd: usage.costMicroUsd,
    wallMs,
  };
}
