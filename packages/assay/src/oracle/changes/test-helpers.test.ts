import { describe, expect, test } from "vitest";
import { helperChanges } from "./test-helpers.ts";

type Files = Record<string, string>;
const isTest = (path: string) => /test_|\.test\./.test(path);

async function helpers(files: Files, changed: string, after = "x = 1\n") {
  const paths = Object.keys(files);
  const found = await helperChanges([{ path: changed, kind: "modified", before: files[changed] ?? "", after }], {
    sourceFiles: paths.filter((path) => !isTest(path)),
    oracleFiles: paths.filter(isTest),
    read: async (path) => files[path],
  });
  return found.map(({ kind, file }) => `${kind} ${file}`);
}

const same = "def same(a, b):\n    return a == b\n";
const cart = "def total(items):\n    return sum(items)\n";
const python = (body: string) => ({
  "cart.py": cart,
  "helpers.py": same,
  "test_cart.py": `import cart\nfrom helpers import (\n    same,  # both\n)\n\n\ndef test_total():\n    ${body}\n`,
});

describe("helperChanges", () => {
  test("lists a module whose word tests take for what other code does", async () => {
    expect(await helpers(python("assert same(cart.total([1]), 1)"), "helpers.py")).toEqual(["support helpers.py"]);
    expect(await helpers(python("assert not same(cart.total([1]), 2)"), "helpers.py")).toEqual(["support helpers.py"]);
    const javascript = (line: string) => ({
      "src/cart.ts": "export const total = 1;\n",
      "src/same.ts": "export const same = 1;\n",
      "a.test.ts": `import { total } from "./src/cart.js";\nimport { same, assertSame } from './src/same.ts';\ntest("a", () => {\n  ${line}\n});\n`,
    });
    for (const line of [
      "expect(same(total([1]), 1)).toBe(true);",
      "assert.ok(same(total([1]), 1));",
      "assertSame(total([1]), 1);",
    ]) {
      expect(await helpers(javascript(line), "src/same.ts", "export const same = 2;\n")).toEqual([
        "support src/same.ts",
      ]);
    }
    expect(await helpers(javascript("expect(same(total([1]), 1)).toBe(6);"), "src/same.ts", "x;\n")).toEqual([]);
  });

  test("lists what is named for tests or uses their framework", async () => {
    const files = {
      "app/cart.py": cart,
      "app/testing.py": same,
      "app/expectations.py": `import pytest\n\n\n${same}`,
      "test_cart.py": "from app.testing import same\nfrom app import expectations\nfrom app.cart import total\n",
    };
    expect(await helpers(files, "app/testing.py")).toEqual(["support app/testing.py"]);
    expect(await helpers(files, "app/expectations.py")).toEqual(["support app/expectations.py"]);
    expect(await helpers(files, "app/testing.py", `# the same\n${same}`)).toEqual([]);
    expect(await helpers({ ...files, "app/main.py": "from .testing import same\n" }, "app/testing.py")).toEqual([]);
  });

  test("lists no code under test", async () => {
    const files = python("assert same(cart.total([1]), 1)");
    expect(await helpers(files, "cart.py")).toEqual([]);
    expect(await helpers(python("assert same(1, 1)"), "helpers.py")).toEqual([]);
    expect(await helpers(python("assert same(cart.total([1]), 1) == True"), "helpers.py")).toEqual([]);
    expect(await helpers({ ...files, "app.py": "def run():\n    import os, helpers as h\n" }, "helpers.py")).toEqual(
      [],
    );
    const none = await helperChanges([{ path: "helpers.py", kind: "added", after: same }], {
      sourceFiles: Object.keys(files),
      oracleFiles: ["test_cart.py"],
      read: async (path) => (files as Files)[path],
    });
    expect(none).toEqual([]);
  });
});
