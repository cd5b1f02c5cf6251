import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FaultError } from "#domain";
import type { GivenText } from "./given.ts";
import { holdOut } from "./hold-out.ts";
import { planProject } from "./plan-project.ts";
import { readTestFile } from "./read-test-file.ts";

const lines = (text: string, path = "/home/cases.txt"): GivenText => ({ path, text });
const pytest = (text: string, path = "/home/test_sum.py"): GivenText => ({ path, text });
const plan = (tests: GivenText[], more: Partial<Parameters<typeof planProject>[0]> = {}, options = {}) =>
  planProject({ tests, hidden: [], ...more }, options);

function complaint(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === "usage") return error.fault.message;
    throw error;
  }
  return "none";
}

describe("the project that solve makes", () => {
  it("writes a Python test for every line, and a stub for what they call", () => {
    const { language, runner, solution, visible } = plan([lines("f(1) -> 2\nf(0) -> raises ValueError\ng() -> None")]);
    expect([language, runner, solution]).toEqual(["python", "pytest", "solution.py"]);
    expect(visible["solution.py"]).toContain("def f(*args, **kwargs):\n    raise NotImplementedError");
    expect(visible["test_cases.py"]).toBe(
      "import pytest\nfrom solution import f, g\n\n\ndef test_line_1():\n    assert (f(1)) == (2)\n\n\ndef test_line_2():\n    with pytest.raises(ValueError):\n        f(0)\n\n\ndef test_line_3():\n    assert (g()) is (None)\n",
    );
  });

  it("takes lines that are no Python for JavaScript", () => {
    const { visible, solution } = plan([lines("f(1) -> [true, null]")]);
    expect(solution).toBe("solution.js");
    expect(visible["cases.test.mjs"]).toContain("assert.deepStrictEqual((f(1)), ([true, null]));");
    expect(visible["package.json"]).toContain('node --test \\"cases.test.mjs\\"');
  });

  it.each([
    ["import { f } from './calc.js';", "test/calc.test.js", "calc.js", "calc.test.js"],
    ["import { f } from '../src/calc.ts';", "/p/test/calc.test.ts", "src/calc.ts", "test/calc.test.ts"],
    ["import f, { g } from '../../lib/calc';", "/p/q/test/calc.spec.ts", "lib/calc.js", "q/test/calc.spec.ts"],
    ["const { f } = require('./calc.cjs');", "/p/calc.js", "calc.cjs", "calc.test.js"],
  ])("puts the solution where %j finds it", (imported, path, solution, place) => {
    const made = plan([{ path, text: `${imported}\nimport { test } from "node:test";\n` }]);
    expect(made.solution).toBe(solution);
    expect(Object.keys(made.visible)).toContain(place);
  });

  it.each(["/../../p/calc.test.ts", "/p/../../calc.test.ts", "/./calc.test.ts"])(
    "lets no file out of it that stands at %s",
    (path) => {
      const made = plan([{ path, text: `import { f } from '../src/calc.ts';\nimport { test } from "node:test";\n` }]);
      for (const place of [made.solution, ...Object.keys(made.visible)]) expect(place).not.toMatch(/^\/|^\.\.|\/\.\./);
    },
  );

  it("finds the module among what is installed, and every name that is used of it", () => {
    const source =
      "import math\nimport pytest\nimport shapes.area as area\n\ndef test_a():\n    assert area.square(2) == area.SIDE\n";
    const made = plan([pytest(source)]);
    expect(made.solution).toBe("shapes/area.py");
    expect(made.visible["shapes/area.py"]).toContain("SIDE = None");
    expect(made.visible["shapes/area.py"]).toContain("def square(");
  });

  it("keeps a stub's name and text", () => {
    const stub = { path: "/home/calc.py", text: 'def f(a: int) -> int:\n    """Adds one."""\n' };
    const made = plan([lines("f(1) -> 2")], { stub });
    expect(made.visible["calc.py"]).toBe(stub.text);
    expect(made.visible["test_cases.py"]).toContain("from calc import f");
    expect(complaint(() => plan([pytest("from other import f\n")], { stub }))).toContain("the stub is calc.py");
  });

  it("shows nothing of hidden tests, also where they have the name of one that is shown", () => {
    const shown = pytest("from calc import f\n\ndef test_a():\n    assert f(1) == 1\n");
    const made = plan([shown], { hidden: [pytest("from calc import f\n\ndef test_b():\n    assert f(2) == 4711\n")] });
    expect(JSON.stringify(made.visible)).not.toContain("4711");
    expect(made.brief).not.toContain("4711");
    expect(made.whole?.["test_hidden_sum.py"]).toContain("4711");
    expect(made.whole?.["test_sum.py"]).toBe(shown.text);
  });

  it.each([
    [() => plan([{ path: "/a.test.js", text: "test('x', () => {});" }]), "imports neither node:test nor vitest"],
    [() => plan([pytest("import math\n")]), "imports nothing that could be solved"],
    [() => plan([pytest("import one\nimport two\n")]), "nothing says which"],
    [() => plan([pytest("from .one import f\n")]), "relative to a package"],
    [
      () => plan([pytest("from a import f\n"), pytest("from b import f\n", "/home/test_b.py")]),
      "several modules: a.py, b.py",
    ],
    [() => plan([pytest("from a import f\n"), lines("f(1) -> true")]), "several kinds"],
    [() => plan([pytest("def (\n")]), "it cannot be parsed"],
    [() => plan([lines("f(1) - 2")]), "cases.txt:1: there is no ->"],
    [() => plan([pytest("from tests.a import f\n")]), "would itself count as a test"],
    [() => plan([lines("f(1) -> 2")], { stub: { path: "/home/my-f.py", text: "" } }), "Python cannot import my-f.py"],
    [() => plan([pytest("from a import *\n")]), "which function is to be written"],
    [() => plan([lines("f(1) -> 2")], {}, { holdOut: { fraction: 0.5, seed: 1 } }), "none can be held out"],
  ])("refuses what does not fit together (%#)", (make, why) => {
    expect(complaint(make)).toContain(why);
  });
});

const suite = `import pytest
from calc import f


class TestF:
    # four times a secret
    @pytest.mark.parametrize("n", [1, 2])
    def test_many(self, n):
        assert f(n) == n * 4
        # never 4712

    def test_one(self):
        assert f(1) == 1


def test_alone():
    assert f(2) == 2
`;

describe("holding out", () => {
  it("leaves lines where they were and nothing of what is held out, with its comments", () => {
    const file = readTestFile(pytest(suite));
    for (let seed = 0; seed < 20; seed += 1) {
      const [left] = holdOut([file], { fraction: 0.34, seed }).visible;
      const text = left?.given.text ?? "";
      expect(text.split("\n")).toHaveLength(suite.split("\n").length);
      expect(readTestFile({ path: "/test_sum.py", text }).kind).toBe("code");
      if (!text.includes("test_many")) expect(text).not.toMatch(/secret|4712|parametrize/);
    }
  });

  it("holds out at least one and leaves at least one, the same for the same seed", () => {
    const all = Array.from({ length: 12 }, (_, index) => `f(${index}) -> ${index}`);
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 12 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.nat(),
        (n, fraction, seed) => {
          const file = readTestFile(lines(all.slice(0, n).join("\n")));
          const split = holdOut([file], { fraction, seed });
          const [left] = split.visible;
          const shown = left?.kind === "lines" ? left.cases.length : 0;
          expect(shown + split.heldOut).toBe(n);
          expect(Math.min(shown, split.heldOut)).toBeGreaterThan(0);
          expect(holdOut([file], { fraction, seed })).toEqual(split);
        },
      ),
    );
  });

  it("draws other tests by another seed", () => {
    const file = readTestFile(lines(Array.from({ length: 9 }, (_, index) => `f(${index}) -> 0`).join("\n")));
    const shown = (seed: number) => JSON.stringify(holdOut([file], { fraction: 0.5, seed }).visible);
    expect(new Set([1, 2, 3, 4].map(shown)).size).toBeGreaterThan(1);
  });
});
