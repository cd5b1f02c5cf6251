import { createdSeconds, event, type Frame, type Output, type Protocol } from "../protocol.ts";
import { openaiFail, openaiOverflow, openaiRefuse } from "./openai-errors.ts";
import { readOpenaiResponses } from "./openai-responses-request.ts";
import { bearerKey } from "./reading.ts";

/** OpenAI's responses. Source: the API reference, "Responses" and "Streaming events". */
export const openaiResponses: Protocol = {
  name: "openai-responses",
  streamType: "text/event-stream",
  key: bearerKey,
  read: readOpenaiResponses,
  refuse: openaiRefuse,
  fail: openaiFail,
  failInStream: ({ message }) => {
    const failed = { type: "error", code: "server_error", message, param: null, sequence_number: lastSequenceNumber };
    return event(failed, "error");
  },
  cutsPrompts: false,
  overflow: openaiOverflow,
  whole: (output) => responseOf(output, [...messageItems(output), ...callItems(output)]),
  stream: (output) => numbered(eventsOf(output)),
};

/** More than any event has that came before. */
const lastSequenceNumber = 1_000_000;

type Event = { type: string; characters?: number } & Record<string, unknown>;

function* numbered(events: Iterable<Event>): Generator<Frame> {
  let sequence_number = 0;
  for (const { characters, ...data } of events) {
    yield { wire: event({ ...data, sequence_number }, data.type), characters: characters ?? 0 };
    sequence_number += 1;
  }
}

function* eventsOf(output: Output): Generator<Event> {
  const unfinished = { ...responseOf(output, []), status: "in_progress", incomplete_details: null, usage: null };
  yield { type: "response.created", response: unfinished };
  yield { type: "response.in_progress", response: unfinished };
  const message = messageItems(output);
  if (message.length > 0) yield* messageEvents(output);
  const calls = callItems(output);
  for (const item of calls) {
    const at = { item_id: item.id, output_index: message.length };
    yield { type: "response.output_item.added", output_index: message.length, item: { ...item, arguments: "" } };
    yield { type: "response.function_call_arguments.delta", ...at, delta: item.arguments };
    yield { type: "response.function_call_arguments.done", ...at, arguments: item.arguments };
    yield { type: "response.output_item.done", output_index: message.length, item };
  }
  const type = output.end === "truncated" ? "response.incomplete" : "response.completed";
  yield { type, response: responseOf(output, [...message, ...calls]) };
}

function* messageEvents(output: Output): Generator<Event> {
  const [item] = messageItems(output);
  const at = { item_id: `msg_${output.number}`, output_index: 0, content_index: 0 };
  const refused = output.end === "refused";
  const kind = refused ? "refusal" : "output_text";
  const empty = refused ? { type: kind, refusal: "" } : { type: kind, text: "", annotations: [] };
  yield { type: "response.output_item.added", output_index: 0, item: { ...item, status: "in_progress", content: [] } };
  yield { type: "response.content_part.added", ...at, part: empty };
  for (const delta of output.pieces) yield { type: `response.${kind}.delta`, ...at, delta, characters: delta.length };
  yield { type: `response.${kind}.done`, ...at, [refused ? "refusal" : "text"]: output.text };
  yield { type: "response.content_part.done", ...at, part: partOf(output) };
  yield { type: "response.output_item.done", output_index: 0, item };
}

function partOf({ end, text }: Output): Record<string, unknown> {
  return end === "refused"
    ? { type: "refusal", refusal: text }
    : { type: "output_text", text, annotations: [], logprobs: [] };
}

function messageItems(output: Output): Record<string, unknown>[] {
  if (output.text === "") return [];
  const status = output.end === "truncated" ? "incomplete" : "completed";
  return [{ type: "message", id: `msg_${output.number}`, status, role: "assistant", content: [partOf(output)] }];
}

type CallItem = { type: "function_call"; id: string; status: string; call_id: string; name: string; arguments: string };

function callItems({ number, toolCall }: Output): CallItem[] {
  if (toolCall === undefined) return [];
  const called = { name: toolCall.name, arguments: JSON.stringify(toolCall.input) };
  return [{ type: "function_call", id: `fc_${number}`, status: "completed", call_id: `call_${number}`, ...called }];
}

function responseOf({ number, model, end, usage }: Output, items: readonly unknown[]): Record<string, unknown> {
  const truncated = end === "truncated";
  return {
    id: `resp_${number}`,
    object: "response",
    created_at: createdSeconds,
    status: truncated ? "incomplete" : "completed",
    error: null,
    incomplete_details: truncated ? { reason: "max_output_tokens" } : null,
    model,
    output: items,
    usage: {
      input_tokens: usage.inputTokens,
      input_tokens_details: { cached_tokens: usage.cachedTokens },
      output_tokens: usage.outputTokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: usage.inputTokens + usage.outputTokens,
    },
  };
}
