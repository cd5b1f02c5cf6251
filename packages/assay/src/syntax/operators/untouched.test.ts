import { describe, expect, it } from "vitest";
import { applyReplacement, generateReplacements, type Replacement } from "../generate.ts";
import type { LanguageTable } from "../language.ts";
import { javascript } from "../languages/javascript.ts";
import { python } from "../languages/python.ts";
import { typescript } from "../languages/typescript.ts";
import { parseSource } from "../parse.ts";
import type { OperatorName } from "../priors.ts";

function editsOf(language: LanguageTable, source: string): Replacement[] {
  const parsed = parseSource(language, source);
  if (parsed.kind !== "parsed") throw new Error(`${parsed.reason}: ${source}`);
  return [...generateReplacements(parsed.tree, "file")];
}

/** An operator and sources in which it finds nothing to do. */
const silent: [LanguageTable, OperatorName, string][] = [
  [python, "cmp_adj", "def f(a):\n    return a + 1\n"],
  [python, "cmp", "def f(a, b):\n    return a and b\n"],
  [python, "swap_operand", "def f(a, b):\n    return a == b\n"],
  [python, "bool", "def f(a, b):\n    return a | b\n"],
  [python, "negate", "def f(a):\n    if not a:\n        return 1\n"],
  [python, "const_str", 'def f(a):\n    """Says Yes."""\n    return a\n'],
  [python, "call_pair", "def f(a):\n    return a.min + other(a)\n"],
  [python, "coalesce", "def f(a, b):\n    return a or b\n"],
  [python, "optional_chain", "def f(a):\n    return a.b\n"],
  [python, "await_add", "def f(a):\n    return g(a)\n"],
  [python, "ins_brk", "def f(a):\n    g(a)\n"],
  [python, "ins_ret", "A = 1\nB = 2\n"],
  [python, "ins_assign", "class A:\n    a = 1\n    b = 2\n"],
  [python, "del_stmt", 'def f(a):\n    """Only a docstring."""\n'],
  [python, "unwrap_if", "def f(a):\n    while a:\n        g(a)\n"],
  [python, "dedent", "def f(a):\n    for x in a:\n        g(x)\n"],
  [python, "slice", "def f(a: int):\n    return a\n"],
  [python, "wrap_minmax", "def f(a):\n    return [a]\n"],
  [javascript, "cmp", "function f(a) {\n  return a + 1;\n}\n"],
  [javascript, "const", "const name = a.b;\n"],
  [javascript, "call_kw", "function f(a) {\n  return sorted(a);\n}\n"],
  [javascript, "optional_chain", "class A {\n  m() {\n    return this.x;\n  }\n}\n"],
  [javascript, "drop_arg", "f(a);\n"],
  [javascript, "swap_arg", "f(a);\n"],
  [typescript, "const", 'type A = { kind: "a"; size: 1 | 2 };\ninterface B {\n  n: 3;\n}\n'],
  [typescript, "const_str", 'import { a } from "./A.ts";\nexport type { B } from "./B.ts";\n'],
];

describe("operators", () => {
  it.each(silent)("%#: $1 leaves alone what is not its own", (language, operator, source) => {
    expect(editsOf(language, source).filter((edit) => edit.operator === operator)).toEqual([]);
  });

  it("never touch comments, types, imports and decorators", () => {
    const source =
      'import { a } from "./a.ts"; // 1 < 2\n@d(7)\nclass C<T extends 1> {\n  m(x: 5 | T): 6 {\n    return g(x); // 3 == 4\n  }\n}\n';
    for (const edit of editsOf(typescript, source)) {
      const result = applyReplacement(source, edit);
      if (edit.operator === "del_stmt") continue;
      for (const kept of [
        'import { a } from "./a.ts"; // 1 < 2',
        "@d(7)",
        "<T extends 1>",
        "x: 5 | T",
        "): 6",
        "// 3 == 4",
      ]) {
        expect(result).toContain(kept);
      }
    }
  });

  it("keep a string's lines when they move code around it", () => {
    const source = 'def f(a):\n    if a:\n        x = """\n        kept\n    too\n"""\n        g(x)\n    return a\n';
    const unwrapped = editsOf(python, source).filter((edit) => edit.operator === "unwrap_if");
    expect(unwrapped.map((edit) => applyReplacement(source, edit))).toEqual([
      'def f(a):\n    x = """\n        kept\n    too\n"""\n    g(x)\n    return a\n',
    ]);
  });

  it("follow tabs and Windows line ends", () => {
    const source = "def f(a, n=0):\r\n\tfor x in a:\r\n\t\tg(x)\r\n\treturn a\r\n";
    const guards = editsOf(python, source).filter((edit) => edit.operator === "ins_guard");
    const results = guards.map((edit) => applyReplacement(source, edit));
    expect(results).toContain(
      "def f(a, n=0):\r\n\tfor x in a:\r\n\t\tg(x)\r\n\tif not a:\r\n\t\treturn None\r\n\treturn a\r\n",
    );
  });
});
