import type { ScriptedModel } from "./reply.ts";

/** Tokens of a hosted model's window, unless the test says otherwise. */
export const contextTokensDefault = 128_000;

/** Tokens of the window that Ollama gives a model that does not ask for more, however many the model could have. */
export const ollamaWindowTokensDefault = 4_096;

export type ServedModel = {
  readonly id: string;
  readonly script: ScriptedModel;
  /** What the model could take. */
  readonly contextTokens: number;
  /** `num_ctx` of the model's own parameters; of Ollama. */
  readonly numCtx?: number;
  /** How often it was asked. */
  calls: number;
  /** Tokens of the window that Ollama loaded it with; absent: it is not loaded. */
  loadedTokens?: number;
};
