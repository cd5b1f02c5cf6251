import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import {
  generateText,
  type LanguageModel,
  type LanguageModelUsage,
  type ModelMessage,
  type Output,
  streamText,
} from "ai";

type Client = (url: string, model: string, apiKey?: string) => LanguageModel;

/** The key that the clients give if not told otherwise. */
export const testKey = "test-key-0123456789";

/** The AI SDK's own clients, by the protocol that they speak to a model server. */
export const clients = {
  "openai-chat": (url, model, apiKey = testKey) => createOpenAI({ baseURL: `${url}/v1`, apiKey }).chat(model),
  "openai-responses": (url, model, apiKey = testKey) => createOpenAI({ baseURL: `${url}/v1`, apiKey }).responses(model),
  anthropic: (url, model, apiKey = testKey) => createAnthropic({ baseURL: `${url}/v1`, apiKey })(model),
  google: (url, model, apiKey = testKey) => createGoogle({ baseURL: `${url}/v1beta`, apiKey })(model),
  "openai-compatible": (url, model, apiKey = testKey) =>
    createOpenAICompatible({ name: "fake", baseURL: `${url}/v1`, apiKey, includeUsage: true })(model),
} satisfies Record<string, Client>;

export type Question = {
  model: LanguageModel;
  stream: boolean;
  messages: ModelMessage[];
  instructions?: string;
  maxOutputTokens?: number;
  temperature?: number;
  output?: ReturnType<typeof Output.object>;
  abortSignal?: AbortSignal;
  /** For each piece of a stream. */
  onText?: () => void;
};

/** What the client makes of what it got; of a stream that broke, with the text before. */
export type Asked = {
  text: string;
  toolCalls: string[];
  finishReason?: string;
  usage?: LanguageModelUsage;
  error?: unknown;
};

/** A question by a user who says nothing else. */
export function asks(content: string): ModelMessage[] {
  return [{ role: "user", content }];
}

/** Asks once, without retries. */
export async function ask({ stream, onText, ...question }: Question): Promise<Asked> {
  const call = { ...question, maxRetries: 0 };
  if (stream) return askStreaming(call, onText);
  try {
    const { text, finishReason, usage, toolCalls } = await generateText(call);
    return { text, finishReason, usage, toolCalls: toolCalls.map((made) => made.toolName) };
  } catch (error) {
    return { text: "", toolCalls: [], error };
  }
}

async function askStreaming(call: Parameters<typeof streamText>[0], onText?: () => void): Promise<Asked> {
  const asked: Asked = { text: "", toolCalls: [] };
  // Errors come as parts of the stream; without this they would be printed too.
  const result = streamText({ ...call, onError: () => undefined });
  try {
    for await (const part of result.stream) {
      if (part.type === "text-delta") {
        asked.text += part.text;
        onText?.();
      } else if (part.type === "tool-call") asked.toolCalls.push(part.toolName);
      else if (part.type === "error") asked.error ??= part.error;
      else if (part.type === "abort") asked.error ??= new Error("aborted");
      else if (part.type === "finish") {
        asked.finishReason = part.finishReason;
        asked.usage = part.totalUsage;
      }
    }
  } catch (error) {
    // A connection that breaks is thrown; everything else is a part.
    asked.error ??= error;
  }
  return asked;
}
