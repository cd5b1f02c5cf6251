import { z } from "zod";
import { guardedFetch } from "./guarded-fetch.ts";
import { ollamaWindow } from "./ollama-window.ts";
import type { Endpoint, Protocol } from "./protocols.ts";

export type ServedWindow = {
  /** Tokens that the server says it takes of a prompt and its answer. */
  contextTokensMax?: number;
  /** What its user should know. */
  warning?: string;
};

const wallMsMax = 5_000;
const listSchema = z.object({
  data: z.array(z.object({ id: z.string(), max_model_len: z.int().optional(), context_length: z.int().optional() })),
});

/** What a server says of the window that it really gives a model; empty where it does not say. Never throws. */
export async function servedWindow(
  protocol: Protocol,
  { baseUrl, model }: Endpoint,
  apiKey: string | undefined,
  signal?: AbortSignal,
): Promise<ServedWindow> {
  if (protocol === "ollama") return (await ollamaWindow(baseUrl, model, apiKey, signal)) ?? {};
  if (protocol !== "openai-chat") return {};
  const version = await get(new URL("/api/version", baseUrl), apiKey, signal);
  if (z.object({ version: z.string() }).safeParse(version).success) {
    return {
      warning:
        'this is Ollama behind its OpenAI-compatible API, which drops the beginning of a prompt that is longer than the server\'s own window (4,096 tokens unless it was started with another) without a word: configure protocol = "ollama"',
    };
  }
  const list = listSchema.safeParse(await get(new URL(`${baseUrl}/models`), apiKey, signal)).data?.data;
  const listed = list?.find(({ id }) => id === model);
  const tokens = listed?.max_model_len ?? listed?.context_length;
  return tokens === undefined ? {} : { contextTokensMax: tokens };
}

async function get(url: URL, apiKey: string | undefined, signal: AbortSignal | undefined): Promise<unknown> {
  const limit = AbortSignal.timeout(wallMsMax);
  try {
    const response = await guardedFetch(url, {
      headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    });
    return response.ok ? await response.json() : undefined;
  } catch {
    // Not every server has it; that it answers questions is known already.
    return undefined;
  }
}
