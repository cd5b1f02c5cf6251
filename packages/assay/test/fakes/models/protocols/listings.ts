import { createdSeconds } from "../protocol.ts";
import type { Inform } from "../routes.ts";
import type { ServedModel } from "../served-models.ts";
import { anthropicFail } from "./anthropic.ts";
import { googleFail } from "./google.ts";
import { openaiFail } from "./openai-errors.ts";

const googleOutputTokens = 65_536;

/** `GET /v1/models` of OpenAI. */
export const listOpenai: Inform = (models) => {
  return { status: 200, body: { object: "list", data: models.map(describeOpenai) } };
};

/** `GET /v1/models` of vLLM, which tells its windows there. */
export const listVllm: Inform = (models) => {
  const data = models.map((model) => ({ ...describeOpenai(model), max_model_len: model.contextTokens }));
  return { status: 200, body: { object: "list", data } };
};

/** `GET /v1/models` of Anthropic. */
export const listAnthropic: Inform = (models) => {
  const data = models.map(describeAnthropic);
  const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
  return { status: 200, body: { data, has_more: false, ...ends } };
};

/** `GET /v1beta/models` of Google, the only one of the three that tells its windows. */
export const listGoogle: Inform = (models) => ({ status: 200, body: { models: models.map(describeGoogle) } });

/** `GET /v1/models/ID` of OpenAI. */
export const tellOpenai = (id: string): Inform => tellOne(id, describeOpenai, openaiFail);

/** `GET /v1/models/ID` of Anthropic. */
export const tellAnthropic = (id: string): Inform => tellOne(id, describeAnthropic, anthropicFail);

/** `GET /v1beta/models/ID` of Google. */
export const tellGoogle = (id: string): Inform => tellOne(id, describeGoogle, googleFail);

type Failing = (failure: { status: number; message: string }) => unknown;

function tellOne(id: string, describe: (model: ServedModel) => unknown, fail: Failing): Inform {
  return (models) => {
    const model = models.find((one) => one.id === id);
    if (model !== undefined) return { status: 200, body: describe(model) };
    return { status: 404, body: fail({ status: 404, message: `The model '${id}' does not exist.` }) };
  };
}

function describeOpenai({ id }: ServedModel): { id: string } & Record<string, unknown> {
  return { id, object: "model", created: createdSeconds, owned_by: "fake" };
}

function describeAnthropic({ id }: ServedModel): { id: string } & Record<string, unknown> {
  return { type: "model", id, display_name: id, created_at: new Date(createdSeconds * 1000).toISOString() };
}

function describeGoogle({ id, contextTokens }: ServedModel): Record<string, unknown> {
  return {
    name: `models/${id}`,
    displayName: id,
    inputTokenLimit: contextTokens,
    outputTokenLimit: Math.min(contextTokens, googleOutputTokens),
    supportedGenerationMethods: ["generateContent", "countTokens"],
  };
}
