import { outputOf } from "./output-of.ts";
import type { Reply } from "./reply.ts";
import { type Performance, streamHead, writeUntil } from "./write-stream.ts";

type Fault<Kind extends Reply["kind"]> = Extract<Reply, { kind: Kind }>;

const jsonType = "application/json";
const hardlyJson = '{"broken": [1, 2,';

/** Falls silent and leaves the connection open; the client must go, or the server be disposed of. */
export async function hang(performance: Performance, after: Fault<"hang">["after"]): Promise<void> {
  if (after === "request") return;
  if (!performance.call.stream) return performance.exchange.head(200, { "content-type": jsonType });
  if (after === "headers") return streamHead(performance);
  await writeUntil(performance, after.text, after.text.length);
}

/** Ends too early: the connection, or politely the response. */
export async function cut(performance: Performance, reply: Fault<"cut">): Promise<void> {
  const { exchange, protocol, call, shown } = performance;
  if (call.stream) await writeUntil(performance, reply.text, reply.afterCharacters);
  else {
    const output = outputOf({ kind: "answer", text: reply.text }, call, shown, exchange.record.number);
    const body = JSON.stringify(protocol.whole(output));
    // The provider has answered, and charges for it: what is lost is lost on the way.
    exchange.record.inputTokens = output.usage.inputTokens;
    exchange.record.outputTokens = output.usage.outputTokens;
    const length = { "content-length": String(Buffer.byteLength(body)) };
    exchange.head(200, { "content-type": jsonType, ...(reply.politely ? {} : length) });
    await exchange.write(body.slice(0, Math.min(reply.afterCharacters, body.length - 1)));
  }
  if (reply.politely) exchange.end();
  else exchange.cut();
}

/** Fails in the middle of the stream and says so there; without a stream there is only the status. */
export async function breaks(performance: Performance, reply: Fault<"breaks">): Promise<void> {
  const { exchange, protocol, call } = performance;
  if (!call.stream) return exchange.json(reply.status, protocol.fail(reply));
  await writeUntil(performance, reply.text, reply.text.length);
  await exchange.write(protocol.failInStream(reply));
  exchange.end();
}

/** Sends broken JSON: the body, or an event after the text. */
export async function malformed(performance: Performance, text: string): Promise<void> {
  const { exchange, protocol, call } = performance;
  if (!call.stream) return exchange.send(200, jsonType, hardlyJson);
  await writeUntil(performance, text, text.length);
  await exchange.write(protocol.streamType === "text/event-stream" ? `data: ${hardlyJson}\n\n` : `${hardlyJson}\n`);
  exchange.end();
}
