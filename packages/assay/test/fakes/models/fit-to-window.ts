import { cutToWindow } from "./cut-to-window.ts";
import type { Call, Failure, Protocol } from "./protocol.ts";
import type { Conversation } from "./reply.ts";
import { ollamaWindowTokensDefault, type ServedModel } from "./served-models.ts";
import { promptTokens } from "./tokens.ts";

export type Fitted =
  | { kind: "fits"; shown: Conversation; windowTokens?: number }
  | { kind: "too-long"; failure: Failure };

/** What of a prompt reaches the model: all of it, or an error; with Ollama, silently, only what its window holds. */
export function fitToWindow(call: Call, model: ServedModel, protocol: Protocol): Fitted {
  if (protocol.cutsPrompts) {
    const asked = call.windowTokens ?? model.numCtx ?? ollamaWindowTokensDefault;
    const windowTokens = Math.min(asked, model.contextTokens);
    return { kind: "fits", shown: cutToWindow(call.conversation, windowTokens), windowTokens };
  }
  const input = promptTokens(call.conversation);
  const failure = protocol.overflow({ input, output: call.outputTokensMax ?? 0, max: model.contextTokens });
  return failure === undefined ? { kind: "fits", shown: call.conversation } : { kind: "too-long", failure };
}
