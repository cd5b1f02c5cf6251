import type { ModelPrice, ModelRequest, ModelUsage } from "#ports";

/** Tokens that a protocol may add around each message, and around all of them. */
const tokensAroundMessage = 32;
const tokensAroundRequest = 1024;

/** A dollar for a million tokens is a millionth of a dollar for one. Rounded up: what is set aside must suffice. */
export function costMicroUsd(
  price: ModelPrice | undefined,
  {
    inputTokens,
    cachedInputTokens,
    outputTokens,
  }: Pick<ModelUsage, "inputTokens" | "cachedInputTokens" | "outputTokens">,
): number {
  if (price === undefined) return 0;
  const { inputUsdPerMillion: input, cachedInputUsdPerMillion: cached = input, outputUsdPerMillion: output } = price;
  const fresh = Math.max(0, inputTokens - cachedInputTokens);
  return Math.ceil(fresh * input + cachedInputTokens * cached + outputTokens * output);
}

/** The most that a request can be charged: a token of a byte-level vocabulary has at least one byte. */
export function mostUsage(price: ModelPrice | undefined, request: ModelRequest): ModelUsage {
  const bytes = request.messages.reduce((sum, { text }) => sum + Buffer.byteLength(text) + tokensAroundMessage, 0);
  const schema = request.schema === undefined ? 0 : Buffer.byteLength(JSON.stringify(request.schema));
  const inputTokens = bytes + schema + tokensAroundRequest;
  const tokens = { inputTokens, cachedInputTokens: 0, outputTokens: request.outputTokensMax };
  return { ...tokens, costMicroUsd: costMicroUsd(price, tokens), estimated: true };
}

/** Of a price, as input and output are usually mixed: three to one. */
export function usdPerMillionTokens({ inputUsdPerMillion, outputUsdPerMillion }: ModelPrice): number {
  return (3 * inputUsdPerMillion + outputUsdPerMillion) / 4;
}
