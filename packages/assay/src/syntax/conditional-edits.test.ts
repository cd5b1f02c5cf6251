import { describe, expect, it } from "vitest";
import { conditionalEdits } from "./conditional-edits.ts";
import { noFacts } from "./facts.ts";
import { applyReplacement, generateReplacements } from "./generate.ts";
import { languageOf } from "./languages/index.ts";
import { isWellFormed, parseSource } from "./parse.ts";

/** What an edit that results in `nearly` becomes under conditions. */
function madeFrom(file: string, source: string, nearly: string): string[] {
  const language = languageOf(file);
  const parsed = language && parseSource(language, source);
  if (language === undefined || parsed?.kind !== "parsed") throw new Error("does not parse");
  const edit = [...generateReplacements(parsed.tree, file)].find((one) => applyReplacement(source, one) === nearly);
  if (edit === undefined) throw new Error("no edit results in that");
  const made = [...conditionalEdits(parsed.tree, edit, noFacts)].map((one) => applyReplacement(source, one));
  expect(made.filter((text) => !isWellFormed(language, text))).toEqual([]);
  return made;
}

describe("conditional edits", () => {
  it("put an inserted exit under a condition over what the function speaks of", () => {
    const rest = "        left = self.total(sku)\n        return left\n";
    const head =
      "class Stock:\n    def move(self, sku):\n        raise OutOfStock(sku)\n\n    def pick(self, sku, count):\n";
    const made = madeFrom("a.py", `${head}${rest}`, `${head}        raise OutOfStock(sku)\n${rest}`);
    const guard = "        if self.total(sku) < count:\n            raise OutOfStock(sku)\n";
    expect(made.map((text) => text.replace("count > self.total(sku)", "self.total(sku) < count"))).toContain(
      `${head}${guard}${rest}`,
    );
    // `left` has no value there yet.
    expect(made.filter((text) => /if .*left.*:/.test(text))).toEqual([]);
  });

  it("keep the indentation behind a block's last statement", () => {
    const source = "def f(a, b):\n    for x in a:\n        g(x)\n";
    const made = madeFrom("a.py", source, `${source.trimEnd()}\n        break\n`);
    expect(made).toContain("def f(a, b):\n    for x in a:\n        g(x)\n        if b == x:\n            break\n");
  });

  it("give a condition that was made constant an alternative", () => {
    const source = "function f(a, b, c) {\n  if (a) {\n    return b;\n  }\n  return c;\n}\n";
    const made = madeFrom("a.mjs", source, source.replace("(a) {", "(true) {"));
    expect(made).toContain(source.replace("(a) {", "(a || b > c) {"));
    expect(made).toContain(source.replace("(a) {", "(b == null) {"));
    const narrowed = madeFrom("a.mjs", source, source.replace("(a) {", "(false) {"));
    expect(narrowed).toContain(source.replace("(a) {", "(a && b > c) {"));
  });

  it("are none of what changes something else", () => {
    const source = "def f(a, b):\n    return a + b\n";
    expect(madeFrom("a.py", source, source.replace("+", "-"))).toEqual([]);
  });
});
