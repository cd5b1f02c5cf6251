import { setTimeout as pause } from "node:timers/promises";
import type { Exchange } from "./exchange.ts";
import { outputOf } from "./output-of.ts";
import type { Call, Frame, Output, Protocol } from "./protocol.ts";
import type { Answer, Conversation, Reply, RetryAfter } from "./reply.ts";

/** A call that is about to be answered. `shown`: what of the prompt reaches the model. */
export type Performance = { exchange: Exchange; protocol: Protocol; call: Call; shown: Conversation };

const jsonType = "application/json";
const hardlyJson = '{"broken": [1, 2,';

/** Acts a reply on the wire. Ends when the response has ended, or the client has gone. */
export async function performReply(performance: Performance, reply: Reply): Promise<void> {
  const { exchange, protocol } = performance;
  switch (reply.kind) {
    case "answer":
      return answer(performance, reply);
    case "status": {
      const usual = `The server answers ${reply.status}.`;
      const failure = {
        status: reply.status,
        message: reply.message ?? usual,
        ...(reply.code ? { code: reply.code } : {}),
      };
      const headers = { ...reply.headers, ...retryHeader(reply.retryAfter) };
      return exchange.send(reply.status, jsonType, reply.body ?? JSON.stringify(protocol.fail(failure)), headers);
    }
    case "hang":
      return hang(performance, reply.after);
    case "cut":
      return cut(performance, reply);
    case "malformed":
      return malformed(performance, reply.text);
    case "page":
      return exchange.send(200, reply.contentType, reply.body);
    default:
      return reply satisfies never;
  }
}

async function answer({ exchange, protocol, call, shown }: Performance, reply: Answer): Promise<void> {
  const output = outputOf(reply, call, shown, exchange.record.number);
  exchange.record.inputTokens = output.usage.inputTokens;
  const delayMs = reply.pace?.delayMs ?? 0;
  if (call.stream) {
    exchange.head(200, streamHeaders(protocol));
    await writeFrames(exchange, protocol.stream(output, call), output, delayMs);
    return exchange.end();
  }
  // A provider that does not stream is silent for as long as the stream would have taken.
  await wait(exchange, delayMs * output.pieces.length);
  if (exchange.gone.aborted) return;
  exchange.record.outputTokens = output.usage.outputTokens;
  await exchange.json(200, protocol.whole(output));
}

/** Sends a stream's frames until the client has gone, and charges what was sent. */
async function writeFrames(
  exchange: Exchange,
  frames: Iterable<Frame>,
  output: Output,
  delayMs: number,
): Promise<void> {
  let characters = 0;
  for (const frame of frames) {
    if (exchange.gone.aborted) return;
    characters += frame.characters;
    // Before the sending: who waits for the end of the request must find what it cost.
    exchange.record.outputTokens = tokensSent(output, characters);
    await exchange.write(frame.wire);
    if (frame.characters > 0) await wait(exchange, delayMs);
  }
}

/** A text is about as many tokens as its share of the characters: counting each time anew would be quadratic. */
function tokensSent({ text, usage }: Output, characters: number): number {
  return characters >= text.length ? usage.outputTokens : Math.ceil((usage.outputTokens * characters) / text.length);
}

async function hang(performance: Performance, after: Extract<Reply, { kind: "hang" }>["after"]): Promise<void> {
  const { exchange, protocol, call } = performance;
  if (after === "request") return;
  const type = call.stream ? protocol.streamType : jsonType;
  if (after === "headers" || !call.stream) return exchange.head(200, { "content-type": type });
  exchange.head(200, streamHeaders(protocol));
  await writeUntil(performance, after.text, after.text.length);
}

async function cut(performance: Performance, reply: Extract<Reply, { kind: "cut" }>): Promise<void> {
  const { exchange, protocol, call, shown } = performance;
  if (call.stream) {
    exchange.head(200, streamHeaders(protocol));
    await writeUntil(performance, reply.text, reply.afterCharacters);
  } else {
    const output = outputOf({ kind: "answer", text: reply.text }, call, shown, exchange.record.number);
    const body = JSON.stringify(protocol.whole(output));
    exchange.record.inputTokens = output.usage.inputTokens;
    const length = { "content-length": String(Buffer.byteLength(body)) };
    exchange.head(200, { "content-type": jsonType, ...(reply.politely ? {} : length) });
    await exchange.write(body.slice(0, Math.min(reply.afterCharacters, body.length - 1)));
  }
  if (reply.politely) exchange.end();
  else exchange.cut();
}

/** Begins the stream of a text and stops, without an end, after so many characters of it. */
async function writeUntil(
  { exchange, protocol, call, shown }: Performance,
  text: string,
  characters: number,
): Promise<void> {
  const part: Answer = { kind: "answer", text: text.slice(0, characters) };
  const output = outputOf(part, call, shown, exchange.record.number);
  exchange.record.inputTokens = output.usage.inputTokens;
  await writeFrames(exchange, upToText(protocol.stream(output, call), output.text.length), output, 0);
}

/** The frames of a stream up to the last one with text. */
function* upToText(frames: Iterable<Frame>, characters: number): Generator<Frame> {
  let seen = 0;
  for (const frame of frames) {
    seen += frame.characters;
    yield frame;
    if (seen >= characters) return;
  }
}

async function malformed(performance: Performance, text: string): Promise<void> {
  const { exchange, protocol, call } = performance;
  if (!call.stream) return exchange.send(200, jsonType, hardlyJson);
  exchange.head(200, streamHeaders(protocol));
  await writeUntil(performance, text, text.length);
  await exchange.write(protocol.streamType === "text/event-stream" ? `data: ${hardlyJson}\n\n` : `${hardlyJson}\n`);
  exchange.end();
}

function streamHeaders(protocol: Protocol): Record<string, string> {
  return { "content-type": protocol.streamType, "cache-control": "no-cache" };
}

function retryHeader(retryAfter: RetryAfter | undefined): Record<string, string> {
  if (retryAfter === undefined) return {};
  const { seconds, as } = retryAfter;
  return { "retry-after": as === "seconds" ? String(seconds) : new Date(Date.now() + seconds * 1000).toUTCString() };
}

async function wait(exchange: Exchange, delayMs: number): Promise<void> {
  if (delayMs <= 0) return;
  // Aborted when the client goes; the caller looks at that itself.
  await pause(delayMs, undefined, { signal: exchange.gone }).catch(() => undefined);
}
