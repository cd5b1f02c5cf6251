import type { Fault } from "@assay/sdk";
import type { Spending } from "#domain";

/** US dollars for a million tokens. */
export type ModelPrice = {
  inputUsdPerMillion: number;
  outputUsdPerMillion: number;
  /** Of input that the provider had cached; absent: as all input. */
  cachedInputUsdPerMillion?: number;
  /** When that was so, as `YYYY-MM-DD`, and who said it. */
  asOf: string;
  source: string;
};

export type ModelDescription = {
  /** `provider/model`, as it is named on the command line and in every record. */
  readonly id: string;
  /** Whose API answers, e.g. `anthropic`, `openai`, `ollama`. */
  readonly provider: string;
  /** Models that were made alike, by one maker: `claude`, `gpt`, `qwen`… One never judges what one of its family wrote. */
  readonly family: string;
  /** Tokens of prompt and answer together that the provider really gives. */
  readonly contextTokensMax: number;
  readonly outputTokensMax: number;
  /** Absent: not known. Free: all zero. */
  readonly price?: ModelPrice;
};

export type ModelMessage = { role: "system" | "user" | "assistant"; text: string };

export type ModelRequest = {
  /** At most one of role `system`, the first; then user and assistant in turns, the user first and last. */
  messages: readonly ModelMessage[];
  outputTokensMax: number;
  /** 0 to 2; absent: the provider's own. */
  temperature?: number;
  /** Where the provider can, the answer is JSON of this JSON Schema; it is text all the same, to be parsed like any. */
  schema?: { name: string; schema: Readonly<Record<string, unknown>> };
  /** Of the call, all tries together, where the adapter's own limit is longer. */
  wallMsMax?: number;
  signal?: AbortSignal;
  /** Characters received so far, for the person watching. */
  onProgress?: (received: number) => void;
};

export type ModelUsage = {
  inputTokens: number;
  /** Reasoning included. */
  outputTokens: number;
  /** Of the input. */
  cachedInputTokens: number;
  /** 0 where the price is not known. */
  costMicroUsd: number;
  /** The provider did not say, so this is the most that it can have been. */
  estimated: boolean;
};

/** How an answer ended: `truncated` at its token limit; `refused` by the model or a filter; `tool-call`: it called a tool nobody gave it. */
export type ModelAnswerEnd = "complete" | "truncated" | "refused" | "tool-call";

/** `usage` is what was charged, and `requests` how often the provider was asked, all tries together. */
export type ModelAnswer = { usage: ModelUsage; requests: number; wallMs: number } & (
  | { kind: "answered"; text: string; end: ModelAnswerEnd }
  /** The provider could not be asked, or broke off. */
  | { kind: "failed"; fault: Fault; retryAfterMs?: number }
);

/**
 * A model that answers a prompt.
 * - Never throws for what a provider does: `failed`, with a fault of code `model-unauthorized`, `model-not-found`, `model-rejected`,
 *   `model-rate-limited`, `model-unreachable` or `model-failed`. Aborted, it throws `interrupted`, and the connection is closed.
 * - Bounded: an answer of more than `answerCharactersMax` characters is `model-failed`; silence longer than the adapter's idle
 *   limit is `model-unreachable`.
 * - Holds no state between calls. Policies (retry, breaker, budget, fallback) are wrappers around it.
 */
export interface LanguageModel {
  readonly description: ModelDescription;
  /** What one call may spend at most, all tries together. An upper bound, not an estimate: a token has at least one byte. */
  worstCase(request: ModelRequest): Pick<Spending, "requests" | "tokens" | "costMicroUsd">;
  ask(request: ModelRequest): Promise<ModelAnswer>;
}

/** Characters of an answer that are read. */
export const answerCharactersMax = 2 * 1024 * 1024;

export const noUsage: ModelUsage = {
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  costMicroUsd: 0,
  estimated: false,
};
