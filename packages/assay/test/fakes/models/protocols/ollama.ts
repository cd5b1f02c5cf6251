import { createdSeconds, type Frame, type Output, type Protocol, type Refusal } from "../protocol.ts";
import type { Problem } from "../violation.ts";
import { readOllama } from "./ollama-request.ts";
import { openaiChat } from "./openai-chat.ts";

/**
 * Ollama's own chat: a line of JSON for each piece. It has no form for a refusal: that is text like any.
 * Source: ollama, `docs/api.md`.
 */
export const ollama: Protocol = {
  name: "ollama",
  streamType: "application/x-ndjson",
  key: () => undefined,
  read: readOllama,
  refuse: ollamaRefuse,
  fail: ({ message }) => ({ error: message }),
  failInStream: ({ message }) => `${JSON.stringify({ error: message })}\n`,
  cutsPrompts: true,
  overflow: () => undefined,
  whole: (output) => ({ ...lineOf(output, output.text, toolCalls(output)), ...endOf(output) }),
  stream: streamChat,
};

/** OpenAI's chat completions as Ollama offers them: without keys, and with prompts cut to the window. */
export const ollamaChat: Protocol = {
  ...openaiChat,
  name: "ollama-chat",
  key: () => undefined,
  cutsPrompts: true,
  overflow: () => undefined,
};

const nanosecondsPerToken = 1_000_000;

function ollamaRefuse({ rule, message }: Problem): Refusal {
  return { status: rule === "model-unknown" || rule === "route" ? 404 : 400, body: { error: message } };
}

function* streamChat(output: Output): Generator<Frame> {
  const frame = (line: unknown, characters = 0): Frame => ({ wire: `${JSON.stringify(line)}\n`, characters });
  for (const piece of output.pieces) yield frame({ ...lineOf(output, piece), done: false }, piece.length);
  if (output.toolCall !== undefined) yield frame({ ...lineOf(output, "", toolCalls(output)), done: false });
  yield frame({ ...lineOf(output, ""), ...endOf(output) });
}

function toolCalls({ toolCall }: Output): Record<string, unknown> {
  return toolCall === undefined
    ? {}
    : { tool_calls: [{ function: { name: toolCall.name, arguments: toolCall.input } }] };
}

function lineOf({ model }: Output, content: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const created_at = new Date(createdSeconds * 1000).toISOString();
  return { model, created_at, message: { role: "assistant", content, ...more } };
}

/** `prompt_eval_count` counts what was left of the prompt, not what was sent. */
function endOf({ end, usage }: Output): Record<string, unknown> {
  return {
    done: true,
    done_reason: end === "truncated" ? "length" : "stop",
    total_duration: (usage.inputTokens + usage.outputTokens) * nanosecondsPerToken,
    load_duration: nanosecondsPerToken,
    prompt_eval_count: usage.inputTokens,
    prompt_eval_duration: usage.inputTokens * nanosecondsPerToken,
    eval_count: usage.outputTokens,
    eval_duration: usage.outputTokens * nanosecondsPerToken,
  };
}
