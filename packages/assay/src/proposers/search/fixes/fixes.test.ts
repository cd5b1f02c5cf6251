import type { ClassifiedFailure, Failure } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { applyReplacement, isWellFormed, languageOf } from "#syntax";
import { SourceTrees } from "../source-trees.ts";
import { fixesFor } from "./fixes.ts";
import { nearest } from "./nearest.ts";

function failed(message: string, place: Partial<Failure>, category: ClassifiedFailure["category"] = "other") {
  const failure: Failure = { type: "Error", message, frames: [], ...place };
  const fixability = { score: 1, reasons: [] };
  return { category, tests: [], failure, environment: false, fixability, suggestedMethod: "diff" as const };
}

/** What the fixes make of a file, best first. */
function fixed(files: Record<string, string>, file: string, failure: ClassifiedFailure): string[] {
  const texts = new Map(Object.entries(files));
  const found = fixesFor([failure], new SourceTrees(texts), Object.keys(files));
  const made = found.filter(({ edit }) => edit.file === file);
  return made.map(({ edit }) => applyReplacement(files[file] ?? "", edit));
}

describe("fixes that a failure's message suggests, in Python", () => {
  const stock =
    "class Stock:\n    def total(self, sku):\n        return self.bins[sku]\n\n    def pick(sku, count):\n        return count\n";
  const price = "RATE = 2\n\n\ndef net_price(amount, *, rounded=False):\n    return amont * RATE\n";
  const files = { "src/shop/__init__.py": "", "src/shop/price.py": price, "src/shop/stock.py": stock };

  test("a misspelt name, by one of the same file or of the language", () => {
    const failure = failed("name 'amont' is not defined", { frames: [{ file: "src/shop/price.py", line: 5 }] });
    expect(fixed(files, "src/shop/price.py", failure)[0]).toBe(price.replace("amont", "amount"));
    const builtin = { "a.py": "def f(x):\n    return pritn(x)\n" };
    const made = fixed(builtin, "a.py", failed("name 'pritn' is not defined", { frames: [{ file: "a.py", line: 2 }] }));
    expect(made).toContain("def f(x):\n    return print(x)\n");
  });

  test("a missing import, of the project or of the library, below those that are there", () => {
    const user = '"""About."""\nimport os\n\n\ndef f(a):\n    return Counter(net_price(a))\n';
    const frames = [{ file: "src/shop/user.py", line: 6 }];
    const all = { ...files, "src/shop/user.py": user };
    const made = (name: string) =>
      fixed(all, "src/shop/user.py", failed(`name '${name}' is not defined`, { frames }))[0];
    expect(made("net_price")).toBe(user.replace("import os\n", "import os\nfrom shop.price import net_price\n"));
    expect(made("Counter")).toBe(user.replace("import os\n", "import os\nfrom collections import Counter\n"));
    const bare = { "a.py": "print(json.dumps(1))\n" };
    const json = failed("name 'json' is not defined", { frames: [{ file: "a.py", line: 1 }] });
    expect(fixed(bare, "a.py", json)[0]).toBe("import json\nprint(json.dumps(1))\n");
  });

  test("a missing import with the file's own line endings, behind a last line without one and behind a byte order mark", () => {
    const json = (source: string) => {
      const failure = failed("name 'json' is not defined", { frames: [{ file: "a.py", line: 1 }] });
      return fixed({ "a.py": source }, "a.py", failure)[0];
    };
    expect(json("import os\r\njson.dumps(1)\r\n")).toBe("import os\r\nimport json\r\njson.dumps(1)\r\n");
    expect(json("import os")).toBe("import os\nimport json\n");
    expect(json("\ufeffjson.dumps(1)\n")).toBe("\ufeffimport json\njson.dumps(1)\n");
  });

  test("a missing import of a package that is called like a folder of sources", () => {
    const all = { "lib/keys.py": "def key(t):\n    return norm(t)\n", "lib/text.py": "def norm(t):\n    return t\n" };
    const failure = failed("name 'norm' is not defined", { frames: [{ file: "lib/keys.py", line: 2 }] });
    const made = fixed(all, "lib/keys.py", failure).map((text) => text.split("\n")[0]);
    expect(made).toEqual(expect.arrayContaining(["from text import norm", "from lib.text import norm"]));
  });

  test("a variable around the function, that it gives a value", () => {
    const counter = "def made():\n    n = 0\n    def count():\n        n += 1\n        return n\n    return count\n";
    const message = "cannot access local variable 'n' where it is not associated with a value";
    const failure = failed(message, { frames: [{ file: "a.py", line: 4 }] });
    expect(fixed({ "a.py": counter }, "a.py", failure)[0]).toBe(
      counter.replace("n += 1", "nonlocal n\n        n += 1"),
    );
  });

  test("a parameter that a function speaks of and does not have", () => {
    const area = "def area(width):\n    return width * height\n";
    const failure = failed("area() takes 1 positional argument but 2 were given", { file: "test_a.py" });
    expect(fixed({ "a.py": area }, "a.py", failure)).toContain(area.replace("(width)", "(width, height)"));
  });

  test("a misspelt import, or what it should have found", () => {
    const user = "from shop.price import net_prize\nfrom shop import stok\n";
    const all = { ...files, "src/shop/user.py": user };
    const frames = [{ file: "src/shop/user.py", line: 1 }];
    const name = failed("cannot import name 'net_prize' from 'shop.price' (/p/src/shop/price.py)", { frames });
    expect(fixed(all, "src/shop/user.py", name)).toContain(user.replace("net_prize", "net_price"));
    // Where the file that imports it is a test, the name itself is wrong.
    const test = failed("cannot import name 'net_prize' from 'shop.price'", { file: "tests/test_a.py" });
    expect(fixed(all, "src/shop/price.py", test)).toContain(price.replace("net_price", "net_prize"));
    const module = failed("cannot import name 'stok' from 'shop'", { frames });
    expect(fixed(all, "src/shop/user.py", module)).toContain(user.replace("stok", "stock"));
    const library = { "a.py": "from colections import Counter\n" };
    const missing = failed("No module named 'colections'", { frames: [{ file: "a.py", line: 1 }] });
    expect(fixed(library, "a.py", missing)).toEqual(["from collections import Counter\n"]);
  });

  test("a misspelt attribute", () => {
    const failure = failed("'Stock' object has no attribute 'totl'", { frames: [{ file: "a.py", line: 1 }] });
    const user = "print(stock.totl(1))\n";
    expect(fixed({ ...files, "a.py": user }, "a.py", failure)).toEqual(["print(stock.total(1))\n"]);
  });

  test("arguments that are too many, too few, or called otherwise", () => {
    const file = "src/shop/stock.py";
    const self = failed("Stock.pick() takes 1 positional argument but 3 were given", { frames: [{ file, line: 5 }] });
    const method = { [file]: stock.replace("pick(sku, count)", "pick(sku)") };
    expect(fixed(method, file, self)).toContain(stock.replace("pick(sku, count)", "pick(self, sku)"));
    const user = "def f(stock, sku, extra):\n    return stock.total(sku, extra)\n";
    const surplus = failed("Stock.total() takes 2 positional arguments but 3 were given", {
      frames: [{ file: "a.py", line: 2 }],
    });
    expect(fixed({ [file]: stock, "a.py": user }, "a.py", surplus)).toContain(
      user.replace("total(sku, extra)", "total(sku)"),
    );
    const missing = failed("Stock.total() missing 1 required positional argument: 'sku'", {
      frames: [{ file: "a.py", line: 2 }],
    });
    const few = "def f(stock, sku):\n    return stock.total()\n";
    expect(fixed({ [file]: stock, "a.py": few }, "a.py", missing)).toContain(few.replace("total()", "total(sku)"));
    const call = "def g(a):\n    return net_price(a, roundd=True)\n";
    const keyword = failed("net_price() got an unexpected keyword argument 'roundd'", {});
    const all = { "src/shop/price.py": price, "b.py": call };
    expect(fixed(all, "b.py", keyword)).toContain(call.replace("roundd=", "rounded="));
  });

  test.each([
    ["a colon", "def f(a)\n    return a\n", "def f(a):\n    return a\n", 1],
    ["a bracket", "def f(a):\n    return (a + 1\n", "def f(a):\n    return (a + 1)\n", 2],
    [
      "a bracket before a colon",
      "def f(a):\n    if g(a:\n        return 1\n",
      "def f(a):\n    if g(a):\n        return 1\n",
      2,
    ],
    ["a bracket too many", "def f(a):\n    return (a + 1))\n", "def f(a):\n    return (a + 1)\n", 2],
    ["indentation", "def f(a):\n    if a:\n    return 1\n", "def f(a):\n    if a:\n        return 1\n", 3],
    [
      "an unindent",
      "def f(a):\n    if a:\n        b = 1\n      return b\n",
      "def f(a):\n    if a:\n        b = 1\n    return b\n",
      4,
    ],
    [
      "a comparison",
      "def f(a):\n    if a = 1:\n        return 1\n",
      "def f(a):\n    if a == 1:\n        return 1\n",
      2,
    ],
    ["a quote", "def f(a):\n    return 'x\n", "def f(a):\n    return 'x'\n", 2],
  ])("%s", (_, source, wanted, line) => {
    const made = fixed({ "a.py": source }, "a.py", failed("invalid syntax", { file: "a.py", line }, "syntax"));
    expect(made).toContain(wanted);
    const language = languageOf("a.py");
    expect(made.filter((text) => language === undefined || !isWellFormed(language, text))).toEqual([]);
  });
});

describe("fixes that a failure's message suggests, in JavaScript and TypeScript", () => {
  const heap = "export class Heap {\n  push(item: number) { return item; }\n}\nexport const size = 1;\n";

  test("names and imports, as the file imports", () => {
    const user = 'import { Heap } from "./heap.ts";\nexport const a = () => [new Heap(), siez, join("a")];\n';
    const all = { "src/heap.ts": heap, "src/user.ts": user };
    const made = (name: string) =>
      fixed(all, "src/user.ts", failed(`${name} is not defined`, { frames: [{ file: "src/user.ts", line: 2 }] }));
    expect(made("join")[0]).toBe(user.replace('.ts";\n', '.ts";\nimport { join } from "node:path";\n'));
    const other = { "src/heap.ts": heap, "src/b.cjs": "exports.a = () => size;\n" };
    const common = failed("size is not defined", { frames: [{ file: "src/b.cjs", line: 1 }] });
    expect(fixed(other, "src/b.cjs", common)[0]).toBe(
      'const { size } = require("./heap.ts");\nexports.a = () => size;\n',
    );
  });

  test("a name that another CommonJS file exports", () => {
    const util = "function clamp(n) { return n; }\nmodule.exports = { clamp, lerp: clamp };\nexports.late = 1;\n";
    const ease = 'const { lerp } = require("./util.js");\nmodule.exports = (t) => clamp(lerp(t));\n';
    const all = { "lib/util.js": util, "lib/ease.js": ease };
    const failure = failed("clamp is not defined", { frames: [{ file: "lib/ease.js", line: 2 }] });
    expect(fixed(all, "lib/ease.js", failure)).toContain(`const { clamp } = require("./util.js");\n${ease}`);
  });

  test("an export and a path that are not there", () => {
    const user = 'import { Heep } from "./haep.ts";\nexport const a = new Heep();\n';
    const all = { "src/heap.ts": heap, "src/user.ts": user };
    const path = failed("Cannot find module '/p/src/haep.ts' imported from /p/src/user.ts", { file: "test/a.test.ts" });
    expect(fixed(all, "src/user.ts", path)).toContain(user.replace("haep", "heap"));
    const right = user.replace("haep", "heap");
    const name = failed("The requested module './heap.ts' does not provide an export named 'Heep'", {
      frames: [{ file: "src/user.ts", line: 1 }],
    });
    expect(fixed({ ...all, "src/user.ts": right }, "src/user.ts", name)).toContain(right.replaceAll("Heep", "Heap"));
  });

  test("a bracket inside of a line", () => {
    const source = "export function f(a) {\n  if (!g(a) return 1;\n  return 2;\n}\n";
    const made = fixed(
      { "a.mjs": source },
      "a.mjs",
      failed("Unexpected token 'return'", { file: "a.mjs", line: 2 }, "syntax"),
    );
    expect(made).toContain(source.replace("g(a) return", "g(a)) return"));
  });
});

test("nothing is suggested by a message that names nothing", () => {
  const files = { "a.py": "def f(a):\n    return a\n" };
  expect(fixed(files, "a.py", failed("assert 1 == 2", { frames: [{ file: "a.py", line: 2 }] }, "assertion"))).toEqual(
    [],
  );
  expect(fixed(files, "a.py", failed("name 'zzz' is not defined", { frames: [{ file: "b.py", line: 2 }] }))).toEqual(
    [],
  );
});

test("the nearest names come first, and none that is far off", () => {
  expect(nearest("user_nam", ["userName", "user_name", "username", "nothing"])).toEqual(["user_name", "username"]);
  expect(nearest("wrok", ["work", "word", "walk"])).toEqual(["work"]);
  expect(nearest("a", ["b", "aa"])).toEqual(["aa", "b"]);
});
