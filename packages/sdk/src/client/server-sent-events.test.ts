import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ServerSentEvent, serverSentEvents } from "./server-sent-events.ts";

async function parse(...chunks: (string | Uint8Array)[]): Promise<ServerSentEvent[]> {
  const bytes = chunks.map((chunk) => (typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk));
  return Array.fromAsync(serverSentEvents(ReadableStream.from(bytes)));
}

describe("serverSentEvents", () => {
  test("reads what the standard gives as examples", async () => {
    expect(await parse("data: YHOO\ndata: +2\ndata: 10\n\n")).toEqual([
      { id: "", type: "message", data: "YHOO\n+2\n10" },
    ]);
    expect(
      await parse(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n"),
    ).toEqual([
      { id: "", type: "message" },
      { id: "1", type: "message", data: "first event" },
      { id: "", type: "message", data: "second event" },
      { id: "", type: "message", data: " third event" },
    ]);
    expect(await parse("data\n\ndata\ndata\n\ndata:")).toEqual([
      { id: "", type: "message", data: "" },
      { id: "", type: "message", data: "\n" },
    ]);
  });

  test("keeps the last id, and reads names and times to wait", async () => {
    expect(await parse("\uFEFFretry: 250\nid: 7\n\nevent: note\ndata: x\nretry: soon\nid: a\0b\nother: y\n\n")).toEqual(
      [
        { id: "7", type: "message", retryMs: 250 },
        { id: "7", type: "note", data: "x" },
      ],
    );
  });

  test("reads the same however lines end and wherever the bytes are cut", async () => {
    const text = fc.string({ unit: "grapheme", maxLength: 12 }).map((line) => line.replaceAll(/[\r\n\0]/g, ""));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ id: fc.nat(), data: fc.array(text, { minLength: 1, maxLength: 3 }) }), { maxLength: 5 }),
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.array(fc.nat(300), { maxLength: 6 }),
        async (events, lineEnd, cuts) => {
          const lines = events.flatMap(({ id, data }) => [`id: ${id}`, ...data.map((line) => `data: ${line}`), ""]);
          const bytes = new TextEncoder().encode(lines.map((line) => line + lineEnd).join(""));
          const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
          // A line that ends with CR alone is only known to have ended when the next byte is there.
          const tail = lineEnd === "\r" ? ":" : "";
          const chunks = at.slice(1).map((end, index) => bytes.slice(at[index], end));
          expect(await parse(...chunks, tail)).toEqual(
            events.map(({ id, data }) => ({ id: String(id), type: "message", data: data.join("\n") })),
          );
        },
      ),
    );
  });
});
