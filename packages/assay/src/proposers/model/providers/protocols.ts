import type { LanguageModelV4, SharedV4ProviderOptions } from "@ai-sdk/provider";
import { guardedFetch } from "./guarded-fetch.ts";

/** How a provider is talked to. */
export type Protocol = "anthropic" | "openai-responses" | "openai-chat" | "google" | "ollama";

export const protocols = [
  "anthropic",
  "openai-responses",
  "openai-chat",
  "google",
  "ollama",
] as const satisfies readonly Protocol[];

export type Endpoint = {
  provider: string;
  model: string;
  baseUrl: string;
  /** Absent where none is needed. */
  apiKey?: string;
  /** Sent to Ollama, whose own default drops what is longer without a word. */
  contextTokensMax: number;
};

/** What a request of this protocol says beside what all say. */
export function protocolOptions(protocol: Protocol, { contextTokensMax }: Endpoint): SharedV4ProviderOptions {
  // Without it Ollama takes 4,096 tokens and drops the beginning of what is longer.
  return protocol === "ollama" ? { ollama: { options: { num_ctx: contextTokensMax } } } : {};
}

/** The AI SDK's model for an endpoint; its package is loaded only now. */
export async function openProtocol(protocol: Protocol, endpoint: Endpoint): Promise<LanguageModelV4> {
  const { model, baseUrl, provider: name } = endpoint;
  // The SDKs take a missing key from the environment; which key goes where is decided in one place, and not there.
  const apiKey = endpoint.apiKey ?? "none";
  const fetch = guardedFetch;
  switch (protocol) {
    case "anthropic":
      return (await import("@ai-sdk/anthropic"))
        .createAnthropic({ baseURL: baseUrl, apiKey, fetch })
        .languageModel(model);
    case "openai-responses":
      return (await import("@ai-sdk/openai")).createOpenAI({ baseURL: baseUrl, apiKey, name, fetch }).responses(model);
    case "openai-chat": {
      const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
      const key = endpoint.apiKey === undefined ? {} : { apiKey };
      return createOpenAICompatible({ baseURL: baseUrl, name, includeUsage: true, fetch, ...key }).languageModel(model);
    }
    case "google":
      return (await import("@ai-sdk/google")).createGoogle({ baseURL: baseUrl, apiKey, fetch }).languageModel(model);
    case "ollama": {
      const { createOllama } = await import("ollama-ai-provider-v2");
      const headers = endpoint.apiKey === undefined ? {} : { headers: { Authorization: `Bearer ${apiKey}` } };
      return createOllama({ baseURL: baseUrl, fetch, ...headers }).languageModel(model);
    }
  }
}
