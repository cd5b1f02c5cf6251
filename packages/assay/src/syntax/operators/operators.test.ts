import { describe, expect, it } from "vitest";
import { applyReplacement, generateReplacements } from "../generate.ts";
import type { LanguageTable } from "../language.ts";
import { javascript } from "../languages/javascript.ts";
import { python } from "../languages/python.ts";
import { typescript } from "../languages/typescript.ts";
import { isWellFormed, parseSource } from "../parse.ts";
import { type OperatorName, priors } from "../priors.ts";

/** Operator, a function's body, and the body it must be able to become. Lines are joined by a newline. */
type Case = [operator: OperatorName, from: string, to: string];

const pythonCases: Case[] = [
  ["cmp_adj", "return a < b", "return a <= b"],
  ["cmp_adj", "return a in b", "return a not in b"],
  ["cmp_adj", "return a is not None", "return a is None"],
  ["cmp", "return a < b", "return a == b"],
  ["cmp_adj", "return 0 < a < b", "return 0 < a <= b"],
  ["cmp_const", "return len(a) == 0", "return len(a) <= 1"],
  ["swap_operand", "return a < b", "return b < a"],
  ["swap_operand", "return a in b", "return b in a"],
  ["swap_operand", "return a - b", "return b - a"],
  ["bool", "return a and b and c", "return a or b or c"],
  ["bool", "return a and (b or c)", "return a and (b and c)"],
  ["bool_drop", "return a and b and c", "return a and c"],
  ["negate", "if a == b:\n        return 1", "if not a == b:\n        return 1"],
  ["negate", "return a", "return not a"],
  ["arith", "return a + b * c", "return a - b * c"],
  ["arith", "return a * b + c", "return a + b + c"],
  ["arith", "return a / b", "return a // b"],
  ["arith", "return a & b", "return a ^ b"],
  ["arith", "a += 1\n    return a", "a -= 1\n    return a"],
  ["drop_operand", "return a + b", "return a"],
  ["reassoc", "return (a + b) / c", "return a + b / c"],
  ["reassoc", "return a + b * c", "return (a + b) * c"],
  ["unary", "return -a", "return a"],
  ["unary", "return not (a or b)", "return a or b"],
  ["const", "return 7", "return 8"],
  ["const", "return a - 1", "return a - -1"],
  ["const", "return True", "return False"],
  ["const", "return 0.5", "return 1.0"],
  ["const_scale", "return 60_000", "return 6000"],
  ["const_scale", "return 30", "return 60"],
  ["const_str", 'return "Yes"', 'return "yes"'],
  ["ins_throw", "if a:\n        raise E(b)\n    return c", "raise E(b)\n    if a:\n        raise E(b)\n    return c"],
  [
    "ins_guard_copy",
    "f(a)\n    if a < b:\n        return c\n    return b",
    "if a < b:\n        return c\n    f(a)\n    if a < b:\n        return c\n    return b",
  ],
  ["wrap_if", "f(a)\n    return b", "if a == b:\n        f(a)\n    return b"],
  ["add_arg", "return max(a)", "return max(a, b)"],
  ["ins_call", "x = []\n    y = [a]\n    return x", "x = []\n    y = [a]\n    x.append(y[-1])\n    return x"],
  ["ins_copy_var", "f(a, 1)\n    return c", "f(b, 1)\n    f(a, 1)\n    return c"],
  ["const2var", "return 0", "return a"],
  ["aug2assign", "a += b\n    return a", "a = b\n    return a"],
  ["assign2aug", "x = a\n    return x", "x += a\n    return x"],
  ["lhs", "x = a\n    y = b\n    return x", "x = a\n    x = b\n    return x"],
  ["var", "return a", "return b"],
  ["var_same", "x = 1\n    y = 2\n    return x", "x = 1\n    y = 2\n    return y"],
  ["swap_arg", "return f(a, b)", "return f(b, a)"],
  ["drop_arg", "return f(a, b)", "return f(a)"],
  ["drop_arg", "return f(a, b)", "return f(b)"],
  ["add_arg", "return range(a)", "return range(a, b)"],
  ["call_kw", "return sorted(a)", "return sorted(a, reverse=True)"],
  ["call_kw", "return sorted(a, reverse=True)", "return sorted(a)"],
  ["swap_elem", "return [a, b]", "return [b, a]"],
  ["swap_elem", "return a, b", "return b, a"],
  ["list_nest", "return [a]", "return [[a]]"],
  ["list_fill", "return []", "return [a]"],
  ["call_pair", "return min(a)", "return max(a)"],
  ["attr_pair", "return a.startswith(b)", "return a.endswith(b)"],
  ["attr_pair", "return a.net_total + b.tax_total", "return a.tax_total + b.tax_total"],
  ["attr", "return a.width + b.height", "return a.height + b.height"],
  ["slice", "return a", "return a[1:]"],
  ["slice", "return f(a)", "return f(a)[1:]"],
  ["slice_bound", "return a[1:]", "return a[:]"],
  ["slice_bound", "return a[:b]", "return a[1:b]"],
  ["index", "return a[b]", "return a[0]"],
  ["expr_pm1", "return a", "return a + 1"],
  ["expr_pm1", "return a * b", "return (a + 1) * b"],
  ["expr_pmvar", "n = 0\n    return a", "n = 0\n    return a + n"],
  ["wrap_num", "return a - b", "return abs(a - b)"],
  ["wrap_num", "return f(a)", "return -f(a)"],
  ["wrap_minmax", "return a - b", "return max(0, a - b)"],
  ["wrap_call", "return a / b", "return int(a / b)"],
  ["wrap_call", "return a", "return a.lower()"],
  ["unwrap", "return f(a)", "return a"],
  ["unwrap", "return a.strip()", "return a"],
  ["unwrap", "return a[b]", "return a"],
  ["cond_add", "if a:\n        return 1", "if a and b:\n        return 1"],
  ["cond_add", "if a or c:\n        return 1", "if (a or c) and b:\n        return 1"],
  ["cond_add_pre", "if a:\n        return 1", "if not b or a:\n        return 1"],
  ["cond_replace", "if a:\n        return 1", "if b is None:\n        return 1"],
  ["cond_const", "while a:\n        return 1", "while True:\n        return 1"],
  ["ret", "return f(a)", "return a"],
  ["ret_add", "if a:\n        b\n    return c", "if a:\n        return b\n    return c"],
  ["ret_cmp", "n = 0\n    return n", "n = 0\n    return n > 0"],
  ["donor_expr", "x = a[b]\n    return x + c", "x = a[b]\n    return a[b]"],
  ["expr2var", "return a.b", "return a"],
  ["concat", "x = []\n    return f(a)", "x = []\n    return x + f(a)"],
  ["brk", "for x in a:\n        break", "for x in a:\n        continue"],
  ["yield_from", "yield a", "yield from a"],
  ["await_add", "async def g():\n        return f(a)", "async def g():\n        return await f(a)"],
  ["default_add", "return a", "return a"],
  ["del_stmt", "f(a)  # why\n    return b", "return b"],
  ["del_stmt", "if a:\n        f(b)\n    return b", "if a:\n        pass\n    return b"],
  ["unwrap_if", "if a:\n        f(b)\n        f(c)\n    return b", "f(b)\n    f(c)\n    return b"],
  ["swap_stmt", "f(a)  # one\n    f(b)", "f(b)  # one\n    f(a)"],
  [
    "dedent",
    "for x in a:\n        f(x)\n        f(b)\n    return b",
    "for x in a:\n        f(x)\n    f(b)\n    return b",
  ],
  ["indent", "for x in a:\n        f(x)\n    return b", "for x in a:\n        f(x)\n        return b"],
  ["ins_assign", "f(a)\n    return b", "f(a)\n    a = b\n    return b"],
  ["ins_aug", "n = 0\n    return n", "n = 0\n    n += 1\n    return n"],
  ["ins_call", "x = []\n    return x", "x = []\n    x.append(a)\n    return x"],
  ["ins_copy", "f(a)\n    return b", "f(a)\n    f(a)\n    return b"],
  ["ins_brk", "for x in a:\n        f(x)", "for x in a:\n        f(x)\n        break"],
  ["ins_ret", "f(a)\n    f(b)", "f(a)\n    return a\n    f(b)"],
  ["ins_guard", "return b", "if not a:\n        return False\n    return b"],
];

const javascriptCases: Case[] = [
  ["cmp_adj", "return a < b;", "return a <= b;"],
  ["cmp_adj", "return a === b;", "return a !== b;"],
  ["cmp", "return a === b;", "return a == b;"],
  ["cmp", "return a == b;", "return a < b;"],
  ["cmp_const", "return a.length > 0;", "return a.length >= 1;"],
  ["swap_operand", "return a < b;", "return b < a;"],
  ["bool", "return a && b;", "return a || b;"],
  ["bool", "return a && b || c;", "return a || b || c;"],
  ["coalesce", "return a || b;", "return a ?? b;"],
  ["coalesce", "return a ?? b;", "return a || b;"],
  ["bool_drop", "return a && b;", "return b;"],
  ["negate", "if (a === b) return 1;", "if (!(a === b)) return 1;"],
  ["arith", "return a + b;", "return a - b;"],
  ["arith", "a += 1;\n  return a;", "a -= 1;\n  return a;"],
  ["arith", "for (let i = 0; i < a; i++) f(i);", "for (let i = 0; i < a; i--) f(i);"],
  ["drop_operand", "return a + b;", "return b;"],
  ["reassoc", "return (a + b) / c;", "return a + b / c;"],
  ["unary", "return !a;", "return a;"],
  ["const", "for (let i = 0; i < a; i++) f(i);", "for (let i = 1; i < a; i++) f(i);"],
  ["const", "return false;", "return true;"],
  ["const_str", "return 'Yes';", "return 'yes';"],
  ["const2var", "return null;", "return a;"],
  ["aug2assign", "a += b;\n  return a;", "a = b;\n  return a;"],
  ["assign2aug", "a = b;\n  return a;", "a += b;\n  return a;"],
  ["lhs", "let x, y;\n  x = a;\n  return y;", "let x, y;\n  a = a;\n  return y;"],
  ["var", "return a;", "return b;"],
  ["var", "return `$" + "{a}!`;", "return `$" + "{b}!`;"],
  ["var_same", "const x = 1;\n  const y = 2;\n  return x;", "const x = 1;\n  const y = 2;\n  return y;"],
  ["swap_arg", "return f(a, b);", "return f(b, a);"],
  ["drop_arg", "return f(a, b);", "return f(a);"],
  ["add_arg", "return a.slice();", "return a.slice(1);"],
  ["swap_elem", "return [a, b];", "return [b, a];"],
  ["list_nest", "return [a];", "return [[a]];"],
  ["list_fill", "return [];", "return [a];"],
  ["call_pair", "return parseInt(a);", "return parseFloat(a);"],
  ["attr_pair", "return a.some(f);", "return a.every(f);"],
  ["attr_pair", "return Math.floor(a);", "return Math.ceil(a);"],
  ["attr", "return a.width + b.height;", "return a.height + b.height;"],
  ["slice", "return a;", "return a.slice(1);"],
  ["index", "return a[b];", "return a[0];"],
  ["expr_pm1", "return a.length;", "return a.length - 1;"],
  ["expr_pm1", "return a * b;", "return (a - 1) * b;"],
  ["expr_pmvar", "const n = 0;\n  return a;", "const n = 0;\n  return a + n;"],
  ["wrap_num", "return a - b;", "return Math.abs(a - b);"],
  ["wrap_minmax", "return a - b;", "return Math.max(0, a - b);"],
  ["wrap_call", "return a / b;", "return Math.floor(a / b);"],
  ["wrap_call", "return a;", "return a.toLowerCase();"],
  ["unwrap", "return f(a);", "return a;"],
  ["unwrap", "return a.trim();", "return a;"],
  ["cond_add", "if (a) return 1;", "if (a && !b) return 1;"],
  ["cond_add_pre", "if (a) return 1;", "if (b || a) return 1;"],
  ["cond_replace", "if (a) return 1;", "if (b == null) return 1;"],
  ["cond_const", "return a ? b : c;", "return true ? b : c;"],
  ["ret", "return f(a);", "return a;"],
  ["ret_add", "if (a) { b * c; }\nreturn c;", "if (a) { return b * c; }\nreturn c;"],
  ["expr_pmvar", "const s = a * b;\nreturn c.slice(s, b);", "const s = a * b;\nreturn c.slice(s, b + s);"],
  ["call_kw", "return a.sort();", "return a.sort((a, b) => a - b);"],
  ["ret_cmp", "const n = 0;\n  return n;", "const n = 0;\n  return n === 0;"],
  ["donor_expr", "const x = a[b];\n  return x + c;", "const x = a[b];\n  return a[b];"],
  ["expr2var", "return a.b;", "return a;"],
  ["concat", "const x = 1;\n  return f(a);", "const x = 1;\n  return x + f(a);"],
  ["brk", "for (const x of a) { continue; }", "for (const x of a) { break; }"],
  ["await_add", "const g = async () => { return f(a); };", "const g = async () => { return await f(a); };"],
  ["optional_chain", "return a.b;", "return a?.b;"],
  ["optional_chain", "return a?.b;", "return a.b;"],
  ["del_stmt", "f(a); // why\n  return b;", "return b;"],
  ["unwrap_if", "if (a) {\n    f(b);\n    f(c);\n  }\n  return b;", "f(b);\n  f(c);\n  return b;"],
  ["swap_stmt", "f(a);\n  f(b);", "f(b);\n  f(a);"],
  ["dedent", "for (const x of a) {\n    f(x);\n    f(b);\n  }", "for (const x of a) {\n    f(x);\n  }\n  f(b);"],
  ["indent", "if (a) {\n    f(a);\n  }\n  f(b);", "if (a) {\n    f(a);\n    f(b);\n  }"],
  ["ins_assign", "f(a);\n  return b;", "f(a);\n  a = b;\n  return b;"],
  ["ins_aug", "let n = 0;\n  return n;", "let n = 0;\n  n += 1;\n  return n;"],
  ["ins_call", "const x = [];\n  return x;", "const x = [];\n  x.push(a);\n  return x;"],
  ["ins_copy", "f(a);\n  return b;", "f(a);\n  f(a);\n  return b;"],
  ["ins_brk", "for (const x of a) {\n    f(x);\n  }", "for (const x of a) {\n    f(x);\n    break;\n  }"],
  ["ins_ret", "f(a);\n  f(b);", "f(a);\n  return a;\n  f(b);"],
  ["ins_guard", "return b;", "if (!a) {\n    return false;\n  }\n  return b;"],
];

const inPython = (body: string): string => `def subject(a, b, c):\n    ${body}\n`;
const inJavascript = (body: string): string => `function subject(a, b, c) {\n  ${body}\n}\n`;
const inTypescript = (body: string): string => `export function subject(a: any, b: any, c: any): any {\n  ${body}\n}\n`;

function results(language: LanguageTable, source: string, operator?: OperatorName): string[] {
  const parsed = parseSource(language, source);
  if (parsed.kind !== "parsed") throw new Error(`${language.name}: ${parsed.reason}: ${source}`);
  return [...generateReplacements(parsed.tree, "file")]
    .filter((edit) => operator === undefined || edit.operator === operator)
    .map((edit) => applyReplacement(source, edit));
}

const suites: [LanguageTable, (body: string) => string, Case[]][] = [
  [python, inPython, pythonCases],
  [javascript, inJavascript, javascriptCases],
  [typescript, inTypescript, javascriptCases],
];

describe.each(suites)("operators", (language, within, cases) => {
  it.each(cases.filter(([operator]) => operator !== "default_add"))(
    `${language.name}: %s makes of %j %j`,
    (operator, from, to) => {
      expect(results(language, within(from), operator)).toContain(within(to));
    },
  );

  it(`${language.name}: default_add gives the last parameter a default`, () => {
    const source = within(language.indented ? "return a" : "return a;");
    const made = results(language, source, "default_add");
    expect(made.some((text) => /c(: any)? ?= ?0\)/.test(text))).toBe(true);
  });

  it(`${language.name}: every edit changes the text, parses, and is undone by its inverse`, () => {
    for (const [, body] of cases) {
      const source = `${language.indented ? "#" : "//"} é 😀\n${within(body)}`;
      const parsed = parseSource(language, source);
      if (parsed.kind !== "parsed") throw new Error(parsed.reason);
      for (const edit of generateReplacements(parsed.tree, "file")) {
        const result = applyReplacement(source, edit);
        const undo = { start: edit.start, end: edit.start + edit.replacement.length };
        const back = applyReplacement(result, { ...undo, replacement: source.slice(edit.start, edit.end) });
        // Thousands of edits: a plain comparison is a hundred times faster than an `expect`.
        const problem =
          result === source
            ? "changes nothing"
            : back !== source
              ? "is not undone by its inverse"
              : !(edit.prior > 0 && edit.prior <= 1)
                ? "has no prior"
                : isWellFormed(language, result)
                  ? undefined
                  : "does not parse";
        if (problem !== undefined) throw new Error(`${edit.operator} ${problem}:\n${result}`);
      }
    }
  });

  it(`${language.name}: the same source gives the same edits in the same order`, () => {
    const source = cases
      .slice(0, 20)
      .map(([, body], index) => within(body).replace("subject", `subject${index}`))
      .join("\n");
    expect(results(language, source)).toEqual(results(language, source));
  });
});

describe("names", () => {
  it("offers the module's functions and imports in place of a called one", () => {
    const source = "from shop.tax import rate as tax_rate, fee\n\n\ndef total(a):\n    return totl(a)\n";
    const made = results(python, source, "callee").map((text) => /return (\w+)/.exec(text)?.[1]);
    expect(made).toEqual(expect.arrayContaining(["total", "tax_rate", "fee"]));
    const js = 'import { rate, fee as cost } from "./tax.js";\nfunction total(a) {\n  return totl(a);\n}\n';
    const offered = results(javascript, js, "callee").map((text) => /return (\w+)/.exec(text)?.[1]);
    expect(offered).toEqual(expect.arrayContaining(["total", "rate", "cost"]));
  });

  it("offers attributes that a class of the file defines, though nothing uses them yet", () => {
    const source = "class Cart:\n    size: int = 0\n\n    def total(self):\n        return self.sze\n";
    expect(results(python, source, "attr").join("\n")).toContain("self.size");
  });
});

describe("the tables", () => {
  it("every operator has a case in Python or JavaScript", () => {
    const covered = new Set<string>([...pythonCases, ...javascriptCases].map(([operator]) => operator));
    const elsewhere = ["callee", "const_test", "pair", "fix_name", "fix_import", "fix_syntax", "fix_arguments"];
    expect(Object.keys(priors).filter((name) => !covered.has(name) && !elsewhere.includes(name))).toEqual([]);
  });
});
