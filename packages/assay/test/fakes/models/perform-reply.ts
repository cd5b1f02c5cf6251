import { outputOf } from "./output-of.ts";
import { breaks, cut, hang, malformed } from "./perform-fault.ts";
import type { Answer, Reply, RetryAfter } from "./reply.ts";
import { type Performance, streamHead, wait, writeFrames } from "./write-stream.ts";

/** Acts a reply on the wire. Ends when the response has ended, or the client has gone. */
export async function performReply(performance: Performance, reply: Reply): Promise<void> {
  switch (reply.kind) {
    case "answer":
      return answer(performance, reply);
    case "status":
      return status(performance, reply);
    case "hang":
      return hang(performance, reply.after);
    case "cut":
      return cut(performance, reply);
    case "breaks":
      return breaks(performance, reply);
    case "malformed":
      return malformed(performance, reply.text);
    case "page":
      return performance.exchange.send(200, reply.contentType, reply.body);
    default:
      return reply satisfies never;
  }
}

async function answer(performance: Performance, reply: Answer): Promise<void> {
  const { exchange, protocol, call, shown } = performance;
  const output = outputOf(reply, call, shown, exchange.record.number);
  exchange.record.inputTokens = output.usage.inputTokens;
  const delayMs = reply.pace?.delayMs ?? 0;
  if (call.stream) {
    streamHead(performance);
    await writeFrames(exchange, protocol.stream(output, call), output, delayMs);
    return exchange.end();
  }
  // A provider that does not stream is silent for as long as the stream would have taken.
  await wait(exchange, delayMs * output.pieces.length);
  if (exchange.gone.aborted) return;
  exchange.record.outputTokens = output.usage.outputTokens;
  await exchange.json(200, protocol.whole(output));
}

async function status({ exchange, protocol }: Performance, reply: Extract<Reply, { kind: "status" }>): Promise<void> {
  const message = reply.message ?? `The server answers ${reply.status}.`;
  const failure = { status: reply.status, message, ...(reply.code === undefined ? {} : { code: reply.code }) };
  const headers = { ...reply.headers, ...retryHeader(reply.retryAfter) };
  await exchange.send(reply.status, "application/json", reply.body ?? JSON.stringify(protocol.fail(failure)), headers);
}

function retryHeader(retryAfter: RetryAfter | undefined): Record<string, string> {
  if (retryAfter === undefined) return {};
  if (retryAfter.as === "seconds") return { "retry-after": String(retryAfter.seconds) };
  // A date has no fraction of a second: rounded up, so that it never comes too early.
  const atSeconds = Math.ceil(Date.now() / 1000 + retryAfter.seconds);
  return { "retry-after": new Date(atSeconds * 1000).toUTCString() };
}
