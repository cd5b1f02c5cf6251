import type { Call, Output } from "./protocol.ts";
import { parseJson } from "./read-body.ts";
import type { Answer, Conversation, Pace } from "./reply.ts";
import { firstTokens, promptTokens, tokensOf } from "./tokens.ts";

const piecesMax = 256;
const pieceCharactersMin = 24;

/** What goes on the wire for an answer: cut at the request's limit of tokens, with what it is charged. Pure. */
export function outputOf(given: Answer, call: Call, shown: Conversation, number: number): Output {
  const answer = call.forcedTool === undefined ? given : asToolCall(given, call.forcedTool);
  const limit = answer.unlimited ? Number.POSITIVE_INFINITY : (call.outputTokensMax ?? Number.POSITIVE_INFINITY);
  const text = firstTokens(answer.text, limit);
  const { toolCall } = answer;
  const cut = text.length < answer.text.length;
  const inputTokens = promptTokens(shown);
  return {
    number,
    model: call.model,
    text,
    pieces: piecesOf(text, answer.pace),
    end: answer.end ?? (cut ? "truncated" : toolCall === undefined ? "complete" : "tool-call"),
    ...(toolCall === undefined ? {} : { toolCall }),
    usage: {
      inputTokens,
      cachedTokens: Math.min(answer.cachedTokens ?? 0, inputTokens),
      outputTokens: tokensOf(text) + (toolCall === undefined ? 0 : tokensOf(JSON.stringify(toolCall.input))),
    },
  };
}

/** An answer that is a JSON object as a call of the tool that takes it; any other as it is. */
function asToolCall(answer: Answer, name: string): Answer {
  const input = parseJson(answer.text);
  const isObject = typeof input === "object" && input !== null && !Array.isArray(input);
  if (answer.toolCall !== undefined || !isObject) return answer;
  return { ...answer, text: "", toolCall: { name, input: { ...input } } };
}

/** Pieces of a stream; no pair of surrogates is torn apart. */
function piecesOf(text: string, pace: Pace | undefined): string[] {
  const size = pace?.characters ?? Math.max(pieceCharactersMin, Math.ceil(text.length / piecesMax));
  const pieces: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = start + Math.max(1, size);
    if (isHighSurrogate(text.charCodeAt(end - 1))) end += 1;
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}
