import { describe, expect, test } from "vitest";
import { whyNotExecuted } from "./executed-difference.ts";
import { isLockFile } from "./path-kind.ts";
import { testChanges } from "./test-changes.ts";

const compare = (path: string, before: string, after: string) =>
  testChanges([{ path, kind: "modified", before, after }]).map(({ kind, test, line }) =>
    [kind, test, line].filter((one) => one !== undefined).join(" "),
  );
const python = (before: string, after: string) => compare("tests/test_cart.py", before, after);
const javascript = (before: string, after: string) => compare("test/cart.test.ts", before, after);

const cart = `from cart import total


def test_total():
    assert total([1]) == 1


class TestSum:
    def test_empty(self):
        assert total([]) == 0
`;

const vitest = `import { expect, test, describe } from "vitest";
import { total } from "../src/cart.ts";

const one = [1];

describe("cart", () => {
  test("adds", () => {
    expect(total(one)).toBe(1);
    expect(total([])).toEqual(0);
  });
});
`;

describe("what a change does to Python tests", () => {
  test("new tests with their imports and helpers are new, and nothing else", () => {
    const grown = cart
      .replace("import total", "import total, mean")
      .replace("class", "def fresh():\n    return [1]\n\n\ndef test_mean():\n    assert mean(fresh()) == 1\n\n\nclass");
    expect(python(cart, `${grown}\n    def test_more(self):\n        assert True\n`)).toEqual([
      "new-test test_mean 12",
      "new-test TestSum::test_more 20",
    ]);
  });

  test("comments, blanks and documentation change nothing", () => {
    expect(
      python(cart, cart.replace("    assert total([1])", '    """Sum."""\n    # one\n    assert total([1])')),
    ).toEqual([]);
  });

  test("a string that runs something is no documentation", () => {
    const before = "    assert total([1])";
    expect(python(cart, cart.replace(before, `    f"{setattr(cart, 'total', len)}"\n${before}`))).toEqual([
      "edited-test test_total 4",
    ]);
    expect(python(cart, `${cart}\n\nf"{patch()}"\n`)).toEqual(["support 13"]);
    expect(python(cart, `"""About carts."""\n${cart}`)).toEqual([]);
  });

  test("a file in another coding, or with line ends that only Python sees, is not compared test by test", () => {
    expect(python(cart, `# coding: utf_7\n${cart}`)).toEqual(["edited-test 1"]);
    expect(python(cart, cart.replace("def test_total", "# one\rtotal = len\ndef test_total"))).toEqual([
      "edited-test 1",
    ]);
    expect(python(cart, `# -*- coding: utf-8 -*-\n${cart}`)).toEqual([]);
  });

  test("a loosened, widened or missing assertion is told with its line", () => {
    expect(python(cart, cart.replace("== 1", "> 0"))).toEqual(["weakened-assertion test_total 5"]);
    expect(python(cart, cart.replace("assert total([1]) == 1", "total([1])"))).toEqual([
      "weakened-assertion test_total 5",
    ]);
    const close = cart.replace("== 1", "== approx(1, abs=0.1)");
    expect(python(close, close.replace("0.1", "5"))).toEqual(["weakened-assertion test_total 5"]);
    const raising = cart.replace("assert total([1]) == 1", "with pytest.raises(KeyError):\n        total(1)");
    expect(python(raising, raising.replace("KeyError", "Exception"))).toEqual(["weakened-assertion test_total 5"]);
  });

  test("another expected value is an edit", () => {
    expect(python(cart, cart.replace("== 1", "== 2"))).toEqual(["edited-test test_total 4"]);
  });

  test("skips and deletions are told, of a class too", () => {
    expect(python(cart, cart.replace("def test_total", "@pytest.mark.xfail\ndef test_total"))).toEqual([
      "new-skip test_total 5",
    ]);
    expect(python(cart, cart.replace("    assert total([1])", "    pytest.skip()\n    assert total([1])"))).toEqual([
      "new-skip test_total 4",
    ]);
    expect(python(cart, cart.replace("class", "@pytest.mark.skip\nclass"))).toContain("new-skip 8");
    expect(python(cart, cart.slice(0, cart.indexOf("class")))).toContain("deleted-test TestSum::test_empty 9");
    expect(python(cart, `${cart}\n\npytestmark = pytest.mark.skip\n`)).toEqual(["new-skip 13"]);
  });

  test("what existing tests could mean is not part of a new one", () => {
    const shadowing = cart.replace("def test_total", "def total(items):\n    return len(items)\n\n\ndef test_total");
    expect(python(cart, shadowing)).toEqual(["support 4"]);
    expect(python(cart, cart.replace("from cart", "from other"))).toEqual(["support 1", "support 1"]);
    expect(python(cart, `${cart}\n\n@pytest.fixture(autouse=True)\ndef patched():\n    yield\n`)).toEqual([
      "support 13",
    ]);
    expect(python(cart, `${cart}\n\nimport cart\ncart.total = len\n`)).toContain("support 14");
    expect(python(cart, `${cart}\n\ndef test_total():\n    pass\n`)).toEqual(["edited-test test_total 13"]);
  });
});

describe("what a change does to JavaScript tests", () => {
  test("new tests and groups are new", () => {
    const grown = vitest
      .replace("{ total }", "{ mean, total }")
      .replace(
        /\}\);\n$/,
        '  test("means", () => expect(mean([1])).toBe(1));\n});\n\ndescribe("more", () => {\n  beforeEach(() => {});\n  test("x", () => {});\n});\n',
      );
    expect(javascript(vitest, grown)).toEqual(["new-test cart > means 11", "new-test more > x 16"]);
  });

  test("looser matchers and fewer assertions are told", () => {
    expect(javascript(vitest, vitest.replace("toBe(1)", "toBeTruthy()"))).toEqual(["weakened-assertion cart > adds 8"]);
    expect(javascript(vitest, vitest.replace("    expect(total([])).toEqual(0);\n", ""))).toEqual([
      "weakened-assertion cart > adds 8",
    ]);
  });

  test("comments that choose how the file is run are told, others not", () => {
    // Written in two parts, since this file's own runner reads it too.
    const pragma = `@vitest${"-"}environment`;
    expect(javascript(vitest, `${vitest}\ntest("new", () => log("${pragma} jsdom"));\n`)).toEqual([
      "new-test new 13",
      "support 13",
    ]);
    expect(javascript(vitest, `// ${pragma} jsdom\n${vitest}`)).toEqual(["support 1"]);
    expect(javascript(`/** ${pragma} node */\n${vitest}`, vitest)).toEqual(["support 1"]);
    expect(javascript(vitest, `// carts\n${vitest}`)).toEqual([]);
    expect(javascript(vitest, `"use strict";\n${vitest}`)).toEqual(["support 1"]);
  });

  test("skip, only and a changed fixture are told", () => {
    expect(javascript(vitest, vitest.replace('test("adds"', 'test.only("adds"'))).toEqual(["new-skip cart > adds 7"]);
    expect(javascript(vitest, vitest.replace("describe(", "describe.skip("))).toContain("new-skip 6");
    expect(javascript(vitest, vitest.replace("[1];", "[2];"))).toEqual(["support 4", "support 4"]);
    expect(javascript(vitest, vitest.replace("  test(", "  beforeEach(() => {});\n  test("))).toEqual(["support 7"]);
  });
});

describe("what a change does to the rest", () => {
  const kindOf = (path: string, kind: "added" | "modified" | "deleted" = "modified") =>
    testChanges([{ path, kind, before: "a", after: "b" }]).map((change) => change.kind);

  test("is told by path", () => {
    expect(kindOf("package-lock.json")).toEqual(["dependencies"]);
    expect(kindOf("web/requirements-dev.txt", "added")).toEqual(["dependencies"]);
    expect(kindOf("vendor/a.js")).toEqual(["dependencies"]);
    expect(["web/package-lock.json", "uv.lock", "go.sum"].map(isLockFile)).toEqual([true, true, true]);
    expect(["vendor/a.js", "src/requirements/a.ts", "lock.py"].map(isLockFile)).toEqual([false, false, false]);
    expect(kindOf(".github/workflows/ci.yml", "added")).toEqual(["pipeline"]);
    expect(kindOf("vitest.config.ts")).toEqual(["configuration"]);
    expect(kindOf("tests/conftest.py", "added")).toEqual(["configuration"]);
    expect(kindOf("test/__snapshots__/a.snap")).toEqual(["snapshot"]);
    expect(kindOf("tests/test_cart.py", "deleted")).toEqual(["deleted-test"]);
    expect(kindOf("tests/data/prices.json")).toEqual(["support"]);
    expect(kindOf("tests/data/prices.json", "added")).toEqual(["new-test"]);
    expect(kindOf("src/cart_test.go")).toEqual(["edited-test"]);
  });

  test("a manifest's version decides nothing, its scripts do", () => {
    const manifest = (version: string, command: string) => JSON.stringify({ version, scripts: { test: command } });
    const changed = (after: string) =>
      testChanges([{ path: "package.json", kind: "modified", before: manifest("1.0.0", "vitest"), after }]);
    expect(changed(manifest("1.0.1", "vitest"))).toEqual([]);
    expect(changed(manifest("1.0.1", "true"))).toMatchObject([{ kind: "configuration", what: "changes scripts" }]);
    expect(changed("{")).toMatchObject([{ kind: "configuration", what: "changes it" }]);
  });
});

describe("whyNotExecuted", () => {
  test("excuses comments, blanks and documents, and nothing that runs", () => {
    expect(whyNotExecuted("a.py", "x = 1\n", "# one\nx = 1\n\n")).toBe("comments, documentation or blanks");
    expect(whyNotExecuted("a.py", "def f():\n    g()\n    h()\n", "def f():\n    g()\nh()\n")).toBeUndefined();
    expect(whyNotExecuted("a.ts", "f(1); // a", "f(1);")).toBe("comments, documentation or blanks");
    expect(whyNotExecuted("a.ts", "f(`a b`);", "f(`a  b`);")).toBeUndefined();
    expect(whyNotExecuted("README.md", "a", "b")).toBe("a document");
    expect(whyNotExecuted("data.json", "1", "2")).toBeUndefined();
    expect(whyNotExecuted("a.py", "x = (", "x = [")).toBeUndefined();
  });

  test("takes nothing for a document that is a module by its ending", () => {
    expect(whyNotExecuted("LICENSE", "a", "b")).toBe("a document");
    expect(whyNotExecuted("docs/changelog.rst", "a", "b")).toBe("a document");
    expect(whyNotExecuted("AUTHORS.txt", "a", "b")).toBe("a document");
    for (const path of ["app/license.py", "src/notice.ts", "changelog.js", "page.mdx", "data/words.txt"]) {
      expect(whyNotExecuted(path, "a = 1", "b = 1")).toBeUndefined();
    }
  });

  test("takes a string for documentation only where Python does, and only without holes", () => {
    const body = (line: string) => `def f(x):\n    ${line}\n    return x\n`;
    const documented = (line: string) => whyNotExecuted("a.py", body("# nothing"), body(line));
    expect(documented('"""Says what it does."""')).toBe("comments, documentation or blanks");
    expect(documented('f"{run(x)}"')).toBeUndefined();
    expect(documented('"a" f"{run(x)}"')).toBeUndefined();
    expect(documented('x += 1\n    "more"')).toBeUndefined();
    expect(whyNotExecuted("a.py", "if x:\n    g()\n", 'if x:\n    "one"\n    g()\n')).toBeUndefined();
    expect(whyNotExecuted("a.js", "f();", '"use strict";\nf();')).toBeUndefined();
    expect(whyNotExecuted("a.js", "f();", `\`\${g()}\`;\nf();`)).toBeUndefined();
    expect(whyNotExecuted("a.js", "f();", "g`a`;\nf();")).toBeUndefined();
  });

  test("takes comments for code that an interpreter or a runner reads", () => {
    expect(whyNotExecuted("a.py", "# coding: utf-8\nx = 1\n", "# coding: utf_7\nx = 1\n")).toBeUndefined();
    expect(whyNotExecuted("a.py", "# coding: utf_7\n# a\n", "# coding: utf_7\n# +AAo-f()\n")).toBeUndefined();
    expect(whyNotExecuted("a.py", "#!/bin/a\n# vim: set fileencoding=latin-1 :\n", "# a\n")).toBeUndefined();
    expect(whyNotExecuted("a.py", "# a\nx = 1\n", "# a\rimport os\nx = 1\n")).toBeUndefined();
    expect(whyNotExecuted("a.py", "# a\r\nx = 1\r\n", "x = 1\n")).toBe("comments, documentation or blanks");
    expect(whyNotExecuted("a.jsx", "// a\nf();", "/** @jsx h */\nf();")).toBeUndefined();
    expect(whyNotExecuted("a.js", "#!/usr/bin/env node\nf();", "#!/usr/bin/env -S node -r x\nf();")).toBeUndefined();
    expect(whyNotExecuted("a.js", "f(); // eslint-disable-line", "f();")).toBe("comments, documentation or blanks");
    expect(whyNotExecuted("a.go", "package a\n", "//go:build x\n\npackage a\n")).toBeUndefined();
  });
});
