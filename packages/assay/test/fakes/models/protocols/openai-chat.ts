import { type Call, createdSeconds, event, type Frame, type Output, type Protocol } from "../protocol.ts";
import { readOpenaiChat } from "./openai-chat-request.ts";
import { openaiFail, openaiOverflow, openaiRefuse } from "./openai-errors.ts";
import { bearerKey } from "./reading.ts";

/** OpenAI's chat completions. Source: the API reference, "Chat Completions" and "Chat Completion chunk". */
export const openaiChat: Protocol = {
  name: "openai-chat",
  streamType: "text/event-stream",
  key: bearerKey,
  read: readOpenaiChat,
  refuse: openaiRefuse,
  fail: openaiFail,
  failInStream: (failure) => event(openaiFail(failure)),
  cutsPrompts: false,
  overflow: openaiOverflow,
  whole: wholeCompletion,
  stream: streamCompletion,
};

/** The same as vLLM offers it, which needs no key unless it was started with one. */
export const vllmChat: Protocol = { ...openaiChat, name: "vllm-chat", key: () => undefined };

const finishReasons = { complete: "stop", truncated: "length", refused: "stop", "tool-call": "tool_calls" } as const;

function wholeCompletion(output: Output): unknown {
  const refused = output.end === "refused";
  const call = toolCall(output);
  const message = {
    role: "assistant",
    content: refused || (call && output.text === "") ? null : output.text,
    refusal: refused ? output.text : null,
    ...(call === undefined ? {} : { tool_calls: [call] }),
  };
  const choice = { index: 0, message, logprobs: null, finish_reason: finishReasons[output.end] };
  return { ...head(output, "chat.completion"), choices: [choice], usage: usageOf(output) };
}

function* streamCompletion(output: Output, call: Call): Generator<Frame> {
  const chunk = (delta: unknown, characters = 0, finish: string | null = null): Frame => {
    const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
    // With usage asked for, all chunks but the last say that they have none.
    const usage = call.streamUsage ? { usage: null } : {};
    return { wire: event({ ...head(output, "chat.completion.chunk"), choices, ...usage }), characters };
  };
  const field = output.end === "refused" ? "refusal" : "content";
  yield chunk({ role: "assistant", [field]: "" });
  for (const piece of output.pieces) yield chunk({ [field]: piece }, piece.length);
  const made = toolCall(output);
  if (made !== undefined) yield chunk({ tool_calls: [{ index: 0, ...made }] });
  yield chunk({}, 0, finishReasons[output.end]);
  if (call.streamUsage) {
    yield {
      wire: event({ ...head(output, "chat.completion.chunk"), choices: [], usage: usageOf(output) }),
      characters: 0,
    };
  }
  yield { wire: "data: [DONE]\n\n", characters: 0 };
}

function head(output: Output, object: string): Record<string, unknown> {
  return {
    id: `chatcmpl-${output.number}`,
    object,
    created: createdSeconds,
    model: output.model,
    system_fingerprint: "fp_fake",
  };
}

function toolCall({ number, toolCall: made }: Output): Record<string, unknown> | undefined {
  if (made === undefined) return undefined;
  return {
    id: `call_${number}`,
    type: "function",
    function: { name: made.name, arguments: JSON.stringify(made.input) },
  };
}

function usageOf({ usage }: Output): Record<string, unknown> {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedTokens, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  };
}
