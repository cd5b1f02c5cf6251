import type { ScriptedModel } from "./reply.ts";
import type { Flavour } from "./routes.ts";

/** Tokens of a hosted model's window, unless the test says otherwise. */
const contextTokensDefault = 128_000;

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

export type ModelServerOptions = {
  models: Readonly<Record<string, ScriptedModel>>;
  /** Keys that are let in; absent: any, in the protocol's form. */
  keys?: readonly string[];
  /** Tokens of the models' windows; 128,000 where absent. */
  contextTokens?: Readonly<Record<string, number>>;
  /** `num_ctx` in the parameters of models of Ollama. */
  numCtx?: Readonly<Record<string, number>>;
  /** `hosted`: OpenAI, Anthropic and Google at once; `ollama`: Ollama's own API and its OpenAI-compatible one; `vllm`: the latter. */
  flavour?: Flavour;
};

/** The models of a server that was just started. */
export function servedModels({ models, contextTokens = {}, numCtx = {} }: ModelServerOptions): ServedModel[] {
  return Object.entries(models).map(([id, script]) => {
    const asked = numCtx[id];
    const window = { contextTokens: contextTokens[id] ?? contextTokensDefault };
    return { id, script, calls: 0, ...window, ...(asked === undefined ? {} : { numCtx: asked }) };
  });
}
