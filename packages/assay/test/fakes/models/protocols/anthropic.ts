import { event, type Failure, type Frame, type Output, type Protocol, type Refusal } from "../protocol.ts";
import type { Problem } from "../violation.ts";
import { readAnthropic } from "./anthropic-request.ts";

/** Anthropic's messages. Source: the API reference, "Messages", "Streaming Messages" and "Errors". */
export const anthropic: Protocol = {
  name: "anthropic",
  streamType: "text/event-stream",
  key: (headers) => {
    const key = headers["x-api-key"];
    const found = typeof key === "string" && key !== "";
    return found ? { key } : { rule: "key-missing", message: "x-api-key header is required" };
  },
  read: readAnthropic,
  refuse: anthropicRefuse,
  fail: anthropicFail,
  failInStream: (failure) => event(anthropicFail(failure), "error"),
  cutsPrompts: false,
  overflow: ({ input, output, max }) => {
    if (input + output <= max) return undefined;
    const prompt = `prompt is too long: ${input} tokens > ${max} maximum`;
    const both = `input length and \`max_tokens\` exceed context limit: ${input} + ${output} > ${max}`;
    return { status: 400, message: input > max ? prompt : both };
  },
  whole: wholeMessage,
  stream: streamMessage,
};

const errorTypes: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  500: "api_error",
  529: "overloaded_error",
};

const stopReasons = {
  complete: "end_turn",
  truncated: "max_tokens",
  refused: "refusal",
  "tool-call": "tool_use",
} as const;

/** Anthropic's form of an error. */
export function anthropicFail({ status, message, code }: Failure): unknown {
  const type = code ?? errorTypes[status] ?? (status < 500 ? "invalid_request_error" : "api_error");
  return { type: "error", error: { type, message }, request_id: "req_fake" };
}

function anthropicRefuse({ rule, message }: Problem): Refusal {
  const notFound = rule === "model-unknown" || rule === "route";
  const status = rule === "key-missing" || rule === "key-unknown" ? 401 : notFound ? 404 : 400;
  return { status, body: anthropicFail({ status, message }) };
}

function wholeMessage(output: Output): unknown {
  const content: unknown[] = output.text === "" ? [] : [{ type: "text", text: output.text }];
  if (output.toolCall !== undefined) content.push({ ...toolUse(output), input: output.toolCall.input });
  return {
    ...head(output),
    content,
    stop_reason: stopReasons[output.end],
    stop_sequence: null,
    usage: usageOf(output),
  };
}

function* streamMessage(output: Output): Generator<Frame> {
  const frame = (data: { type: string } & Record<string, unknown>, characters = 0): Frame => ({
    wire: event(data, data.type),
    characters,
  });
  const started = { ...usageOf(output), output_tokens: 1 };
  const message = { ...head(output), content: [], stop_reason: null, stop_sequence: null, usage: started };
  yield frame({ type: "message_start", message });
  let index = 0;
  if (output.text !== "") {
    yield frame({ type: "content_block_start", index, content_block: { type: "text", text: "" } });
    yield frame({ type: "ping" });
    for (const text of output.pieces) {
      yield frame({ type: "content_block_delta", index, delta: { type: "text_delta", text } }, text.length);
    }
    yield frame({ type: "content_block_stop", index });
    index += 1;
  }
  if (output.toolCall !== undefined) {
    const delta = { type: "input_json_delta", partial_json: JSON.stringify(output.toolCall.input) };
    yield frame({ type: "content_block_start", index, content_block: { ...toolUse(output), input: {} } });
    yield frame({ type: "content_block_delta", index, delta });
    yield frame({ type: "content_block_stop", index });
  }
  const delta = { stop_reason: stopReasons[output.end], stop_sequence: null };
  yield frame({ type: "message_delta", delta, usage: { output_tokens: output.usage.outputTokens } });
  yield frame({ type: "message_stop" });
}

function head({ number, model }: Output): Record<string, unknown> {
  return { id: `msg_${number}`, type: "message", role: "assistant", model };
}

function toolUse({ number, toolCall }: Output): Record<string, unknown> {
  return { type: "tool_use", id: `toolu_${number}`, name: toolCall?.name };
}

/** What was read from the cache does not count as input here, unlike with the others. */
function usageOf({ usage }: Output): Record<string, unknown> {
  return {
    input_tokens: usage.inputTokens - usage.cachedTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: usage.cachedTokens,
    output_tokens: usage.outputTokens,
  };
}
