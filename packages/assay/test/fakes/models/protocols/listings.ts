import { createdSeconds } from "../protocol.ts";
import type { Inform } from "../routes.ts";

/** `GET /v1/models` of OpenAI. */
export const listOpenai: Inform = (models) => {
  const data = models.map(({ id }) => ({ id, object: "model", created: createdSeconds, owned_by: "fake" }));
  return { status: 200, body: { object: "list", data } };
};

/** `GET /v1/models` of Anthropic. */
export const listAnthropic: Inform = (models) => {
  const created_at = new Date(createdSeconds * 1000).toISOString();
  const data = models.map(({ id }) => ({ type: "model", id, display_name: id, created_at }));
  const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
  return { status: 200, body: { data, has_more: false, ...ends } };
};

/** `GET /v1beta/models` of Google, the only one of the three that tells its windows. */
export const listGoogle: Inform = (models) => {
  const listed = models.map(({ id, contextTokens }) => ({
    name: `models/${id}`,
    displayName: id,
    inputTokenLimit: contextTokens,
    outputTokenLimit: Math.min(contextTokens, googleOutputTokens),
    supportedGenerationMethods: ["generateContent", "countTokens"],
  }));
  return { status: 200, body: { models: listed } };
};

const googleOutputTokens = 65_536;
