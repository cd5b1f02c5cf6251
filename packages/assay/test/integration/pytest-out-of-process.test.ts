import { describe, expect, test } from "vitest";
import { inlinePytest } from "../support/inline-pytest.ts";
import { whyNoPytest } from "../support/pytest-project.ts";

const missing = await whyNoPytest();
const title = `pytest from outside the package${missing === undefined ? "" : ` (skipped: ${missing})`}`;

const honest = [
  "from datetime import date",
  "LIMIT = 3",
  "class Refused(ValueError):\n    pass",
  "class Basket:\n    def __init__(self, owner):\n        self.owner = owner\n        self.items = []",
  "    def add(self, item, *, price=1):\n        if price < 0:\n            raise Refused(f'{item} costs less than nothing')",
  "        self.items.append((item, price))\n        return self",
  "    def __len__(self):\n        return len(self.items)",
  "def add(a, b):\n    return a + b",
  "def basket_of(owner):\n    return Basket(owner)",
  "def each(values, function):\n    for value in values:\n        yield function(value)",
  "def fill(target):\n    target.append(date(2026, 1, 2))",
].join("\n\n");

const tests = [
  "from datetime import date",
  "import pytest",
  "import shop",
  "from shop import Basket, Refused, add",
  "@pytest.fixture\ndef basket():\n    return Basket('ada')",
  "def test_values():\n    assert add(1, 2) == 3 and add('a', 'b') == 'ab' and shop.LIMIT == 3",
  "def test_objects(basket):\n    assert basket.add('tea').add('cup', price=4) is basket",
  "def test_attributes(basket):\n    basket.owner = 'eve'\n    assert basket.owner == 'eve' and len(basket) == 0 and basket.items == []",
  "def test_class(basket):\n    assert isinstance(shop.basket_of('bob'), Basket)",
  "def test_error(basket):\n    with pytest.raises(Refused, match='tea costs'):\n        basket.add('tea', price=-1)",
  "def test_base_of_the_error(basket):\n    with pytest.raises(ValueError):\n        basket.add('tea', price=-1)",
  "def test_callback():\n    assert list(shop.each([1, 2], lambda n: n * 2)) == [2, 4]",
  "def test_changed_argument():\n    found = []\n    shop.fill(found)\n    assert found == [date(2026, 1, 2)]",
].join("\n\n");

async function examine(source: string, suite = tests, more: Record<string, string> = {}) {
  const files = { "pytest.ini": "[pytest]\n", "shop.py": source, "tests/test_shop.py": suite, ...more };
  await using project = await inlinePytest(files);
  return await project.runner.examine(project.request({ limits: { ...project.request().limits, wallMsMax: 40_000 } }));
}

const spoof = [
  "class Equal:",
  "    def __eq__(self, other): return True",
  "    def __ne__(self, other): return False",
  "    def __contains__(self, other): return True",
  "    def __lt__(self, other): return True",
  "    def __hash__(self): return 3",
  "    def __bool__(self): return True",
].join("\n");

const oneTest = "import shop\n\ndef test_add():\n    assert shop.add(1, 2) == 3\n";

/** Each kind of comparison that does not look like one. */
const disguised = [
  "import shop",
  "def test_difference():\n    assert abs(shop.add(1, 2) - 3) < 0.001",
  "def test_text():\n    assert shop.add('a', 'b').startswith('ab')",
  "def test_other_way():\n    assert 3 - shop.add(1, 2) == 0",
].join("\n\n");

/** Wrong packages that pass, or end, in a process of their own. */
const hostile: Record<string, string> = {
  "an object equal to everything": `${spoof}\ndef add(a, b): return Equal()\n`,
  "a patched reporter": [
    "import _pytest.runner, _pytest.reports",
    "def passing(*args, **kwargs):\n    return None",
    "_pytest.runner.check_interactive_exception = passing",
    "_pytest.reports.TestReport.outcome = property(lambda self: 'passed', lambda self, value: None)",
    "def add(a, b): return 4",
  ].join("\n"),
  "an exit at import": "import os\nos._exit(0)\n",
  "an exit in a call": "import os\ndef add(a, b): os._exit(0)\n",
  "a system exit": "def add(a, b): raise SystemExit(0)\n",
  "a skip": "import pytest\ndef add(a, b): pytest.skip('no')\n",
  "a skip of its module": "import pytest\npytest.skip('no', allow_module_level=True)\n",
  "an int equal to everything":
    "class I(int):\n    def __eq__(self, other): return True\n    __hash__ = int.__hash__\ndef add(a, b): return I(0)\n",
  "frames and events of its own": [
    "import json, os",
    "def add(a, b):",
    "    for fd in range(3, 300):",
    "        try:",
    '            os.write(fd, b\'{"answer": 0, "value": 3}\\n\' * 3)',
    '            os.write(fd, b\'?{}\\n{"e": "end", "n": ""}\\n\')',
    "        except OSError: pass",
    "    return 4",
  ].join("\n"),
  "a patched assertion": "import builtins, unittest\nbuiltins.AssertionError = KeyError\ndef add(a, b): return 4\n",
  "a flood": "def add(a, b): return 'x' * (64 << 20)\n",
  "the answer behind a lie about mutation": "def add(a, b): return NotImplemented\n",
};

describe.skipIf(missing !== undefined)(title, () => {
  test("covers values, objects, attributes, classes, exceptions, callbacks, iterators and changed arguments", async () => {
    const examined = await examine(honest);
    expect(examined).toMatchObject({ kind: "covered", run: { level: "out-of-process" } });
    expect(examined.run.report.collected).toHaveLength(8);
    expect(examined.run.report.results.every(({ outcome }) => outcome === "passed")).toBe(true);
  });

  test.each(Object.entries(hostile))("gives %s no level", async (_, source) => {
    const examined = await examine(source, oneTest);
    expect(examined.kind).toBe("not-covered");
    expect(examined.run.level).toBeUndefined();
  });

  test("takes no end of an iteration for one of the tests' own", async () => {
    const raising = "def add(a, b): raise StopIteration\n";
    const own = "class End(StopIteration): pass\ndef add(a, b): raise End\n";
    const empty = "def add(a, b): return iter(())\n";
    const mapped = "import shop\n\ndef test_add():\n    for got in map(shop.add, [1], [2]): assert got == 3\n";
    const advanced = "import shop\n\ndef test_add():\n    assert all(map(lambda p: next(shop.add(p, 2)) == 3, [1]))\n";
    for (const [source, tested] of [
      [raising, mapped],
      [own, mapped],
      [empty, advanced],
    ] as const) {
      expect(await examine(source, tested), source).toMatchObject({
        kind: "not-covered",
        tests: expect.arrayContaining([
          expect.objectContaining({
            reason: expect.stringMatching(/^(StopIteration|End) would end an iteration of the tests$/),
          }),
        ]),
      });
    }
    expect((await examine("def add(a, b): yield a + b\n", advanced)).kind).toBe("covered");
    const ends =
      "import pytest, shop\n\ndef test_add():\n    it = shop.add(1, 2)\n    assert next(it) == 3\n    assert list(it) == []\n    with pytest.raises(StopIteration):\n        next(it)\n";
    expect((await examine("def add(a, b): yield a + b\n", ends)).kind).toBe("covered");
  });

  test("believes no length without its items", async () => {
    const list = (iter: string) =>
      `class Sums:\n    def __init__(self): self.a = [3]\n    def __len__(self): return len(self.a)\n    def push(self, x): self.a.append(x)\n    def __iter__(self): return iter(${iter})\n\ndef add(a, b): return Sums()\n`;
    const suite =
      "import shop\n\ndef test_add():\n    r = shop.add(1, 2)\n    assert len(r) == 1\n    for got, want in zip(r, [3]): assert got == want\n    r.push(4)\n    assert len(r) == 2\n    assert list(r) == [3, 4]\n";
    expect((await examine(list("self.a"), suite)).kind).toBe("covered");
    const hollow = suite.slice(0, suite.indexOf("    r.push"));
    expect(await examine(list("[]"), hollow)).toMatchObject({
      kind: "not-covered",
      tests: expect.arrayContaining([
        expect.objectContaining({ reason: "an object of the package is not as long as it says" }),
      ]),
    });
  });

  test("sees comparisons that do not look like one", async () => {
    const spoofed = [
      "class Near:",
      "    def __sub__(self, other): return 0",
      "    def __rsub__(self, other): return 0",
      "    def startswith(self, other): return True",
      "def add(a, b): return Near()",
    ].join("\n");
    const examined = await examine(spoofed, disguised);
    if (examined.kind === "covered") throw new Error("covered");
    expect(examined.tests.filter((one) => one.test !== "")).toHaveLength(3);
    expect((await examine("def add(a, b): return a + b\n", disguised)).kind).toBe("covered");
  });

  test("executes no file of the candidate beside the tests, whatever its name", async () => {
    const named = {
      "json.py": "raise SystemExit(0)\n",
      "sitecustomize.py": "import os\nos._exit(0)\n",
      "pluggy.py": "import os\nos._exit(0)\n",
    };
    expect((await examine("def add(a, b): return 4\n", oneTest, named)).kind).toBe("not-covered");
    expect(
      (await examine("def add(a, b): return a + b\n", oneTest, { "helper.py": "raise SystemExit(0)\n" })).kind,
    ).toBe("covered");
  });

  test("says which tests it cannot cover and why", async () => {
    const suite = [
      "import shop",
      "def test_equal():\n    assert shop.Basket('a') != shop.Basket('b')",
      "def test_patched(monkeypatch):\n    assert shop.add(1, 2) == 3",
      "def test_extends():\n    class Mine(shop.Basket):\n        pass",
      "def test_swallowed():\n    try:\n        assert shop.Basket('a') == 3\n    except BaseException:\n        pass",
      "def test_module():\n    shop.parts()",
      "def test_after_what_could_not_be_told():\n    assert shop.basket_of('a').owner == 'a'",
    ].join("\n\n");
    const parts = "import math\n\ndef parts():\n    return [basket_of('a'), math]\n";
    const examined = await examine(`${honest}\n\n${parts}`, suite);
    if (examined.kind === "covered") throw new Error("covered");
    const reasons = Object.fromEntries(examined.tests.map(({ test: id, reason }) => [id.split("::")[1], reason]));
    expect(reasons).toEqual({
      test_equal: "an object of the package is compared",
      test_patched: "it uses monkeypatch",
      test_extends: "a class of the package is extended",
      test_swallowed: "an object of the package is compared",
      test_module: "a module of the package is used as a value",
    });
  });

  test("finds a function that has the name of its module, and what an exit was given", async () => {
    const slug = "import sys\n\ndef slug(text):\n    return text.lower()\n\ndef leave():\n    sys.exit(2)\n";
    const more = {
      "pkg/__init__.py": "from .slug import *\nfrom . import other\n",
      "pkg/slug.py": slug,
      "pkg/other.py": "X = 1\n",
    };
    const suite = [
      "import pkg, pkg.slug, pytest",
      "def test_function():\n    assert pkg.slug('A') == 'a' and pkg.other.X == 1",
      "def test_exit():\n    with pytest.raises(SystemExit) as info:\n        pkg.leave()\n    assert info.value.code == 2",
    ].join("\n\n");
    expect((await examine(honest, suite, more)).kind).toBe("covered");
  });

  test("does not call a suite covered that never reached the package", async () => {
    expect((await examine(honest, "def test_nothing():\n    assert True\n")).kind).toBe("not-covered");
  });

  test("gives the level through the port as well", async () => {
    await using project = await inlinePytest({
      "pytest.ini": "[pytest]\n",
      "shop.py": honest,
      "tests/test_shop.py": tests,
    });
    expect((await project.runner.runOutOfProcess(project.request()))?.level).toBe("out-of-process");
  });
});
