import { describe, expect, it } from "vitest";
import { type Facts, familiesOf, literalsIn, noFacts, siblingsFrom } from "./facts.ts";
import { applyReplacement, generateReplacements } from "./generate.ts";
import { languageOf } from "./languages/index.ts";
import { parseSource } from "./parse.ts";

function treeOf(file: string, source: string) {
  const language = languageOf(file);
  const parsed = language && parseSource(language, source);
  if (parsed?.kind !== "parsed") throw new Error(`${file} does not parse`);
  return parsed.tree;
}

function results(file: string, source: string, operator: string, facts: Facts): string[] {
  const edits = [...generateReplacements(treeOf(file, source), file, undefined, facts)];
  return edits.filter((edit) => edit.operator === operator).map((edit) => applyReplacement(source, edit));
}

describe("families", () => {
  it("are what a class declares and what its methods use of the object itself", () => {
    const python = "class Booking:\n    owner: str\n\n    def end(self, other):\n        self.last = other.foreign\n";
    expect(familiesOf(treeOf("a.py", python))).toEqual([["owner", "end", "last"]]);
    const typescript = "interface Job { id: string; owner: string }\nconst job = { id: 1, retries: 2 };\n";
    expect(familiesOf(treeOf("a.ts", typescript))).toEqual([
      ["id", "owner"],
      ["id", "retries"],
    ]);
  });

  it("let an attribute be replaced by one of the same class, which another file declares", () => {
    const source = "def owners(bookings):\n    return [b.room for b in bookings]\n";
    expect(results("a.py", source, "attr", noFacts)).toEqual([]);
    const siblings = siblingsFrom([["room", "owner", "start"]]);
    const made = results("a.py", source, "attr", { ...noFacts, siblings });
    expect(made).toContain("def owners(bookings):\n    return [b.owner for b in bookings]\n");
  });

  it("come first where they are small", () => {
    const large = Array.from({ length: 40 }, (_, index) => `name${index}`);
    expect(
      siblingsFrom([
        ["room", ...large],
        ["room", "owner"],
      ])("room").slice(0, 2),
    ).toEqual(["owner", "name0"]);
  });
});

describe("literals of the failing tests", () => {
  it("are those of the test of that name", () => {
    const python = "def test_a():\n    assert f(30) == 'x'\n\n\ndef test_b():\n    assert f(40)\n";
    expect(literalsIn(treeOf("t.py", python), "test_a")).toEqual({ numbers: ["30"], strings: ["x"] });
    const js = 'test("adds up", () => {\n  equal(add(60_000), "y");\n});\ntest("other", () => add(1));\n';
    expect(literalsIn(treeOf("t.mjs", js), "adds up")).toEqual({ numbers: ["60_000"], strings: ["y"] });
  });

  it("take the place of constants", () => {
    const facts: Facts = { ...noFacts, literals: { numbers: ["35"], strings: ["open"] } };
    expect(results("a.py", "def f(day, minutes=60):\n    return day\n", "const_test", facts)).toContain(
      "def f(day, minutes=35):\n    return day\n",
    );
    expect(results("a.py", 'def f(a):\n    return a == "shut"\n', "const_test", facts)).toContain(
      'def f(a):\n    return a == "open"\n',
    );
  });
});

describe("kinds that were seen when a function ran", () => {
  const source = "def f(a, b):\n    return a[b]\n\n\ndef g(a, b):\n    return a[b]\n";
  const seen = new Map([["a", "list" as const]]);

  it("count more than what is guessed, in that function alone", () => {
    const facts: Facts = { ...noFacts, kindsAt: (line) => (line === 1 ? seen : undefined) };
    const made = (other: Facts) => results("a.py", source, "ins_aug", other).filter((text) => text.includes("a = []"));
    expect(made(noFacts)).toEqual([]);
    expect(made(facts).map((text) => text.split("def g")[0])).toContain(
      "def f(a, b):\n    a = []\n    return a[b]\n\n\n",
    );
    expect(made(facts).filter((text) => text.split("def g")[1]?.includes("a = []"))).toEqual([]);
  });

  it("do not count, nor do guesses, where nothing is to be known of kinds", () => {
    const facts: Facts = { ...noFacts, kindsAt: () => seen, untyped: true };
    expect(results("a.py", source, "ins_aug", facts)).toEqual([]);
  });
});
