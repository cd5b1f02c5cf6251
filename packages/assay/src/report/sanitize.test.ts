import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { revealLine, sanitizeLine, sanitizeText } from "./sanitize.ts";

const anyText = fc.string({ unit: "binary" });
const nasty = fc
  .array(
    fc.constantFrom(
      "\u001b[",
      "\u001b]",
      "\u009b",
      "31m",
      "\u0007",
      "\r",
      "\n",
      "\u202e",
      "\u0000",
      "a",
      ";",
      "\ud83d",
      "\ude00",
    ),
  )
  .map((parts) => parts.join(""));
const unseen = /[^\P{Cc}\n\t]|[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/u;

describe("sanitizeText", () => {
  test("leaves nothing that moves a cursor, turns text round or cannot be seen", () => {
    fc.assert(fc.property(fc.oneof(anyText, nasty), (text) => !unseen.test(sanitizeText(text))));
  });

  test("changes nothing the second time", () => {
    fc.assert(fc.property(fc.oneof(anyText, nasty), (text) => sanitizeText(sanitizeText(text)) === sanitizeText(text)));
  });

  test("keeps ordinary text of any language, tabs and line feeds", () => {
    const text = "naïve Übergröße\n\tπ ≈ 3.14159 – 数学 עברית हिन्दी 👩‍💻";
    expect(sanitizeText(text)).toBe(text);
  });

  test("takes terminal sequences out whole", () => {
    expect(sanitizeText("\u001b[1;31mred\u001b[0m \u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\ \u001b(Bok")).toBe(
      "red link ok",
    );
  });

  test("lets an unfinished sequence hide no more than its line", () => {
    expect(sanitizeText("a\u001b]0;title\nstill here")).toBe("a\nstill here");
  });

  test("cuts long text between characters and says so", () => {
    expect(sanitizeText("😀😀😀", 3)).toBe("😀… (3 more characters)");
  });

  test("takes time in proportion to the text", () => {
    for (const unit of ["\u001b[", "\u001b[0", "\u001b]", "\u001b]0;", "\u009b;", "\u001b "]) {
      expect(sanitizeText(unit.repeat(200_000), 1_000_000).length).toBeLessThanOrEqual(600_000);
    }
  });
});

describe("sanitizeLine", () => {
  test("gives one line", () => {
    expect(sanitizeLine(" a\r\nb\u2028c\td ")).toBe("a b c d");
    fc.assert(fc.property(anyText, (text) => !/[\n\r\t]/.test(sanitizeLine(text))));
  });
});

describe("revealLine", () => {
  test("names what cannot be seen instead of hiding it", () => {
    expect(revealLine("x\u202ey\u001b[0m\r")).toBe("x⟦U+202E⟧y⟦U+001B⟧[0m⟦CR⟧");
    fc.assert(fc.property(fc.oneof(anyText, nasty), (text) => !unseen.test(revealLine(text))));
  });
});
