import { describe, expect, test } from "vitest";
import { languageOf, parseSource } from "#syntax";
import { schemataOf, switchName } from "./schemata.ts";

/** What `call` returns and how often it ticked: without an edit, and with each of them. */
function outcomes(source: string, call: string, finds: readonly [find: string, text: string][]) {
  const language = languageOf("a.js");
  const parsed = language && parseSource(language, source);
  if (parsed?.kind !== "parsed") throw new Error("not parsed");
  const edits = finds.map(([find, text], id) => {
    const start = source.indexOf(find);
    return { id, start, end: start + find.length, text };
  });
  const { text, units } = schemataOf(parsed.tree, edits);
  const asked: number[] = [];
  const at = {
    edit: -1,
    ticks: 0,
    same: (_place: number, _truth: boolean, own: () => unknown, others: [number, () => unknown][]) => {
      asked.push(others.length);
      return own();
    },
    tick: () => {
      at.ticks += 1;
    },
  };
  const run = new Function(switchName, `${text}\nreturn () => ${call};`)(at) as () => unknown;
  return [-1, ...edits.map(({ id }) => id)].map((id) => {
    at.edit = id;
    at.ticks = 0;
    return id === -1 || units.has(id) ? [run(), at.ticks] : "outside";
  });
}

describe("schemataOf", () => {
  test("has each edit of a function's body beside the others and beside the original", () => {
    const source = "function f(a, b = 2) {\n  // first\n  let c = a + b;\n  return c * 2; // last\n}";
    const edits: [string, string][] = [
      ["a + b", "a - b"],
      ["* 2", "* 3"],
      ["return c * 2;", ""],
      ["b = 2", "b = 3"],
    ];
    expect(outcomes(source, "f(5)", edits)).toEqual([[14, 1], [6, 1], [21, 1], [undefined, 1], "outside"]);
  });

  test("counts loops with and without braces, but for one that an edit takes the place of", () => {
    const source =
      "const f = (n) => { let s = 0; for (let i = 0; i < n; i++) s += i; while (n > 0) { n--; } return s; };";
    const edits: [string, string][] = [
      ["s += i;", "s -= i;"],
      ["for (let i = 0; i < n; i++) s += i;", "for (;;) break;"],
    ];
    expect(outcomes(source, "f(4)", edits)).toEqual([
      [6, 9],
      [-6, 5],
      [0, 5],
    ]);
  });

  test("holds arrows without braces, methods, generators and functions inside of others", () => {
    const arrow = "const f = (a) => ({ a: [1, 2].map((b) => a + b) });";
    expect(outcomes(arrow, "f(1)", [["a + b", "a * b"]])).toEqual([
      [{ a: [2, 3] }, 1],
      [{ a: [1, 2] }, 1],
    ]);
    const made =
      "class A { constructor(n) { this.n = n; } *all() { yield this.n; } get it() { return [...this.all()]; } }";
    expect(
      outcomes(made, "new A(3).it", [
        ["= n", "= -n"],
        ["yield this.n", "yield 1"],
      ]),
    ).toEqual([
      [[3], 3],
      [[-3], 3],
      [[1], 3],
    ]);
  });

  test("puts nothing that stands beside a body into it", () => {
    const loop = "function f() { let s = 0; for (const n of [1, 2]) s += n; return s; }";
    const language = languageOf("a.js");
    if (language === undefined) throw new Error("no language");
    const parsed = parseSource(language, loop);
    if (parsed.kind !== "parsed") throw new Error("not parsed");
    const behind = loop.indexOf("s += n;") + "s += n;".length;
    const { text } = schemataOf(parsed.tree, [{ id: 0, start: behind, end: behind, text: " s += 1;" }]);
    const run = new Function(switchName, `${text}\nreturn f();`);
    expect(run({ edit: 0, tick: () => undefined })).toBe(4);
    const arrow = "const f = (x) => x * 2;";
    const expression = parseSource(language, arrow);
    if (expression.kind !== "parsed") throw new Error("not parsed");
    const end = arrow.indexOf(";");
    expect(schemataOf(expression.tree, [{ id: 0, start: end, end, text: ", 1" }]).units.size).toBe(0);
  });

  test("leaves a function with a directive as it is", () => {
    const source = "function f() { 'use strict'; return this; }";
    expect(outcomes(source, "f()", [["return this", "return 1"]])).toEqual([[undefined, 0], "outside"]);
  });
});
