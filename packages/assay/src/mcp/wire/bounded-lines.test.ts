import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BoundedLines } from "./bounded-lines.ts";

const texts = (lines: BoundedLines, chunk: string) =>
  lines.push(Buffer.from(chunk)).map((line) => (line.kind === "line" ? line.text : "TOO LONG"));

describe("bounded lines", () => {
  test("come out the same however the stream is cut", () => {
    const line = fc.stringMatching(/^[a-zé\u{1f600}]{0,12}$/u);
    const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 10 });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 10 }), cuts, (given, at) => {
        const bytes = Buffer.from(given.map((each) => `${each}\n`).join(""));
        const lines = new BoundedLines(20);
        const places = [0, ...at.map((place) => Math.min(place, bytes.length)).sort((a, b) => a - b), bytes.length];
        const found = places.slice(1).flatMap((end, i) => lines.push(bytes.subarray(places[i], end)));
        expect(found).toEqual(
          given.map((text) => (Buffer.byteLength(text) > 20 ? { kind: "too-long" } : { kind: "line", text })),
        );
      }),
    );
  });

  test("have their full length and not a byte more", () => {
    expect(texts(new BoundedLines(3), "abc\nabcd\nab\n")).toEqual(["abc", "TOO LONG", "ab"]);
  });

  test("end with a line feed, before which a carriage return may stand", () => {
    expect(texts(new BoundedLines(9), "a\r\nb\n\nc")).toEqual(["a", "b", ""]);
  });

  test("are told to be too long once, when they end", () => {
    const lines = new BoundedLines(3);
    expect(texts(lines, "abcdef")).toEqual([]);
    expect(texts(lines, "ghi")).toEqual([]);
    expect(texts(lines, "j\nk\n")).toEqual(["TOO LONG", "k"]);
  });
});
