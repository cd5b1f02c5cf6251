import type {
  JSONSchema7,
  LanguageModelV4CallOptions,
  LanguageModelV4Message,
  SharedV4ProviderOptions,
} from "@ai-sdk/provider";
import type { ModelMessage, ModelRequest } from "#ports";

/** A request as the AI SDK takes it. */
export function callOptions(
  request: ModelRequest,
  providerOptions: SharedV4ProviderOptions,
  abortSignal: AbortSignal,
): LanguageModelV4CallOptions {
  const { messages, outputTokensMax, temperature, schema } = request;
  return {
    prompt: messages.map(messageOf),
    maxOutputTokens: outputTokensMax,
    ...(temperature === undefined ? {} : { temperature }),
    ...(schema === undefined
      ? {}
      : { responseFormat: { type: "json", name: schema.name, schema: schema.schema as JSONSchema7 } }),
    providerOptions,
    abortSignal,
  };
}

function messageOf({ role, text }: ModelMessage): LanguageModelV4Message {
  return role === "system" ? { role, content: text } : { role, content: [{ type: "text", text }] };
}
