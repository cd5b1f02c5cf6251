import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineSplitter } from "./line-splitter.ts";
import { OutputCapture } from "./output-capture.ts";

/** Cuts bytes at the given places. */
function chunks(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

describe("captured output", () => {
  test("is whole up to its bound, however it arrives", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 20 }),
        fc.array(fc.nat(), { maxLength: 5 }),
        (text, cuts) => {
          const capture = new OutputCapture(1024);
          const bytes = Buffer.from(text);
          for (const chunk of chunks(bytes, cuts)) capture.add(chunk);
          expect(capture.finish()).toEqual({ text, totalBytes: bytes.length, truncated: false });
        },
      ),
    );
  });

  test("keeps head and tail beyond it, and cuts no character in two", () => {
    const capture = new OutputCapture(20);
    for (let index = 0; index < 100; index++) capture.add(Buffer.from("ä€"));
    const { text, totalBytes, truncated } = capture.finish();
    expect({ totalBytes, truncated }).toEqual({ totalBytes: 500, truncated: true });
    expect(text).not.toContain("\ufffd");
    expect(text).toMatch(/^ä€ä€\n\[… 480 bytes left out …\]\nä€ä€$/);
  });
});

describe("lines", () => {
  test("are the same however they arrive, without what follows the last newline", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "ä", "€", "\n")),
        fc.array(fc.nat(), { maxLength: 5 }),
        (parts, cuts) => {
          const splitter = new LineSplitter(1024);
          const text = parts.join("");
          const lines = chunks(Buffer.from(text), cuts).flatMap((chunk) => splitter.add(chunk));
          expect(lines).toEqual(text.split("\n").slice(0, -1));
        },
      ),
    );
  });

  test("end at one that is longer than allowed", () => {
    const splitter = new LineSplitter(4);
    expect(splitter.add(Buffer.from("ok\ntoo long\nok\n"))).toEqual(["ok"]);
    expect(splitter.overlong).toBe(true);
    expect(splitter.add(Buffer.from("ok\n"))).toEqual([]);
  });
});
