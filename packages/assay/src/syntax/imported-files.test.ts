import { describe, expect, it } from "vitest";
import { importedFiles } from "./imported-files.ts";

describe("importedFiles", () => {
  it("finds Python modules under any root and names imported from packages", () => {
    const text = "from shop.cart import total\nimport shop.tax as t, os\nfrom shop import stock\n";
    const files = [
      "src/shop/__init__.py",
      "src/shop/cart.py",
      "src/shop/other.py",
      "src/shop/stock.py",
      "src/shop/tax.py",
    ];
    expect(importedFiles("tests/test_cart.py", text, files)).toEqual(
      files.filter((file) => !file.endsWith("other.py")),
    );
  });

  it("finds relative JavaScript and TypeScript modules, whatever ending the import names", () => {
    const text = 'import { a } from "../src/a.js";\nconst b = require("../src/b");\nimport "node:fs";\n';
    expect(importedFiles("test/x.test.ts", text, ["src/a.ts", "src/b.js", "src/c.ts"])).toEqual([
      "src/a.ts",
      "src/b.js",
    ]);
  });
});
