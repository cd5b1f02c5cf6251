import { describe, expect, it } from "vitest";
import type { LanguageTable } from "./language.ts";
import { javascript } from "./languages/javascript.ts";
import { python } from "./languages/python.ts";
import { typescript } from "./languages/typescript.ts";
import { textOf, walk } from "./node.ts";
import { parseSource } from "./parse.ts";
import { scopeOf } from "./scope.ts";

/** Variables at the first node whose text is `here`, as `name` or `name: kind`. */
function variablesAt(language: LanguageTable, source: string, here = "HERE"): string[] {
  const parsed = parseSource(language, source);
  if (parsed.kind !== "parsed") throw new Error(parsed.reason);
  const { tree } = parsed;
  const node = [...walk(tree.root)].find((one) => textOf(tree, one) === here && one.shape === "identifier");
  if (node === undefined) throw new Error(`no ${here}`);
  return scopeOf(tree)
    .variablesAt(node)
    .map(({ name, kind }) => (kind ? `${name}: ${kind}` : name));
}

describe("scopeOf", () => {
  it("sees parameters, assigned names and loop variables of the function and those around it", () => {
    const source =
      "def f(a, b=1, *c):\n    x, y = a\n    for i in a:\n        pass\n    def g(z):\n        return HERE\n";
    const names = variablesAt(python, source).map((text) => text.split(":")[0]);
    expect(names.sort()).toEqual(["a", "b", "c", "i", "x", "y", "z"]);
  });

  it("keeps a comprehension's variables inside it", () => {
    const source = "def f(a):\n    b = [x for x in a]\n    return HERE\n";
    expect(variablesAt(python, source).some((text) => text.startsWith("x"))).toBe(false);
    expect(variablesAt(python, "def f(a):\n    return [HERE for x in a]\n").some((text) => text.startsWith("x"))).toBe(
      true,
    );
  });

  it("keeps block-scoped names in their block, but not var", () => {
    const source =
      "function f(a) {\n  if (a) {\n    let x = 1;\n    var y = 2;\n  }\n  for (const z of a) {}\n  return HERE;\n}\n";
    const names = variablesAt(javascript, source).map((text) => text.split(":")[0]);
    expect(names.sort()).toEqual(["a", "y"]);
  });

  it("guesses kinds from annotations, values and use", () => {
    const source = "def f(n: int, s: str, xs: list[int], d, q):\n    t = 0\n    d.items()\n    return q < 3 and HERE\n";
    expect(variablesAt(python, source).sort()).toEqual([
      "d: map",
      "n: number",
      "q: number",
      "s: string",
      "t: number",
      "xs: list",
    ]);
    const typed =
      "function f(n: number, s: string, xs: readonly string[], m: Map<string, number>) {\n  return HERE;\n}\n";
    expect(variablesAt(typescript, typed).sort()).toEqual(["m: map", "n: number", "s: string", "xs: list"]);
  });
});
