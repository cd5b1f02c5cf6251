import { setTimeout as pause } from "node:timers/promises";
import type { Exchange } from "./exchange.ts";
import { outputOf } from "./output-of.ts";
import type { Call, Frame, Output, Protocol } from "./protocol.ts";
import type { Answer, Conversation } from "./reply.ts";

/** A call that is about to be answered. `shown`: what of the prompt reaches the model. */
export type Performance = { exchange: Exchange; protocol: Protocol; call: Call; shown: Conversation };

/** Begins a stream. */
export function streamHead({ exchange, protocol }: Performance): void {
  exchange.head(200, { "content-type": protocol.streamType, "cache-control": "no-cache" });
}

/** Sends a stream's frames until the client has gone, and charges what was sent. */
export async function writeFrames(
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

/** Begins the stream of a text and stops, without an end, after so many characters of it. */
export async function writeUntil(performance: Performance, text: string, characters: number): Promise<void> {
  const { exchange, protocol, call, shown } = performance;
  const part: Answer = { kind: "answer", text: text.slice(0, characters) };
  const output = outputOf(part, call, shown, exchange.record.number);
  exchange.record.inputTokens = output.usage.inputTokens;
  streamHead(performance);
  await writeFrames(exchange, upToText(protocol.stream(output, call), output.text.length), output, 0);
}

/** Waits, but not for a client that has gone. */
export async function wait(exchange: Exchange, delayMs: number): Promise<void> {
  if (delayMs <= 0) return;
  // Aborted when the client goes; the caller looks at that itself.
  await pause(delayMs, undefined, { signal: exchange.gone }).catch(() => undefined);
}

/** A text's part is charged by its share of the characters: counting each time anew would be quadratic. */
function tokensSent({ text, usage }: Output, characters: number): number {
  return characters >= text.length ? usage.outputTokens : Math.ceil((usage.outputTokens * characters) / text.length);
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
