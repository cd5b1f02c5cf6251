import { once } from "node:events";
import { PassThrough } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import { describe, expect, test } from "vitest";
import { LineTransport } from "./line-transport.ts";

async function open({ lineBytesMax = 1_000, requestsMax = 2, highWaterMark = 16_384 } = {}) {
  const input = new PassThrough();
  const output = new PassThrough({ highWaterMark });
  const transport = new LineTransport({ input, output, lineBytesMax, requestsMax });
  const received: JSONRPCMessage[] = [];
  transport.onmessage = (message) => received.push(message);
  await transport.start();
  const say = async (...messages: (object | string)[]) => {
    for (const each of messages) input.write(`${typeof each === "string" ? each : JSON.stringify(each)}\n`);
    await nextTurn();
  };
  const answers = () =>
    String(output.read() ?? "")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  return { input, output, transport, received, say, answers };
}

const request = (id: number) => ({ jsonrpc: "2.0" as const, id, method: "ping" });

describe("a line transport", () => {
  test("answers what it cannot read and goes on", async () => {
    const { say, answers, received } = await open();
    await say("{", "[]", "x".repeat(1_001), "", request(1));
    expect(answers().map(({ error }) => error.code)).toEqual([-32700, -32600, -32600]);
    expect(received).toEqual([request(1)]);
  });

  test("takes so many requests, and the next one after an answer or a cancellation", async () => {
    const { say, answers, received, transport } = await open();
    await say(request(1), request(2), request(3));
    expect(answers()).toMatchObject([{ id: 3, error: { code: -32603 } }]);
    await transport.send({ jsonrpc: "2.0", id: 1, result: {} });
    await say({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 2 } });
    await say(request(4), request(5), request(6));
    expect(answers()).toMatchObject([{ id: 1 }, { id: 6, error: { code: -32603 } }]);
    expect(received.flatMap((message) => ("id" in message ? [message.id] : []))).toEqual([1, 2, 4, 5]);
  });

  test("reads nothing more while its answers are not read", async () => {
    const { say, transport, received, output, input } = await open({ highWaterMark: 10 });
    await transport.send({ jsonrpc: "2.0", id: 0, result: {} });
    await say(request(1));
    expect(received).toEqual([]);
    const drained = once(output, "drain");
    output.resume();
    await drained;
    await nextTurn();
    expect(received).toEqual([request(1)]);
    expect(input.isPaused()).toBe(false);
  });

  test.each([
    ["its input ends", (input: PassThrough) => input.end()],
    ["its input breaks", (input: PassThrough) => input.destroy(new Error("broken"))],
    ["its output breaks", (_input: PassThrough, output: PassThrough) => output.destroy(new Error("broken"))],
  ])("closes when %s, once", async (_what, lose) => {
    const { input, output, transport } = await open();
    let closed = 0;
    transport.onclose = () => closed++;
    lose(input, output);
    await transport.closed;
    await transport.close();
    expect(closed).toBe(1);
    await expect(transport.send({ jsonrpc: "2.0", id: 1, result: {} })).rejects.toThrow("gone");
  });

  test("closes when its input had ended before it started", async () => {
    const input = new PassThrough();
    input.resume().end();
    await once(input, "end");
    const transport = new LineTransport({ input, output: new PassThrough(), lineBytesMax: 9, requestsMax: 1 });
    await transport.start();
    await transport.closed;
  });
});
