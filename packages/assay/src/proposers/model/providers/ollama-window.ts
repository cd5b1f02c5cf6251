import { z } from "zod";
import { guardedFetch } from "./guarded-fetch.ts";

const shownSchema = z.object({ model_info: z.record(z.string(), z.unknown()) });
const wallMsMax = 10_000;

/** What an Ollama server says of a model: the window it was trained with; `undefined` where it does not say. */
export async function ollamaWindow(
  baseUrl: string,
  model: string,
  apiKey: string | undefined,
  signal?: AbortSignal,
): Promise<{ contextTokensMax: number } | undefined> {
  const limit = AbortSignal.timeout(wallMsMax);
  try {
    const response = await guardedFetch(`${baseUrl}/show`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify({ model }),
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    });
    const text = await response.text();
    if (!response.ok) return undefined;
    const { model_info: info } = shownSchema.parse(JSON.parse(text));
    const entry = Object.entries(info).find(([key]) => key.endsWith(".context_length"));
    const tokens = z.int().positive().safeParse(entry?.[1]);
    return tokens.success ? { contextTokensMax: tokens.data } : undefined;
  } catch {
    // It answered questions a moment ago; that it does not tell this is no fault.
    return undefined;
  }
}
