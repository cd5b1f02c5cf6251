import { describe, expect, test } from "vitest";
import type { Screen } from "#ports";
import { type InlineProject, inlinePytest } from "../support/inline-pytest.ts";
import { whyNoPytest } from "../support/pytest-project.ts";

const missing = await whyNoPytest();
const title = `tests collected ahead of their candidates${missing === undefined ? "" : ` (skipped: ${missing})`}`;

const right = "LIMIT = 3\n\n\ndef add(a, b):\n    return a + b\n";
const wrong = right.replace("a + b", "a - b");
const inFunctions =
  "from pkg.core import add\nimport pkg.core as core\n\n\ndef test_add():\n    assert add(1, 2) == core.LIMIT\n";
const files = { "pytest.ini": "[pytest]\n", "pkg/__init__.py": "", "pkg/core.py": right };

async function open(project: InlineProject): Promise<Screen> {
  const screen = await project.runner.screen({ ...project.request(), testMsMax: 5000 });
  if (screen === undefined) throw new Error("the warm process did not come up");
  return screen;
}

/** Each way of using what was imported, which must give the same answers whether or not it could be collected ahead. */
const uses: Record<string, string> = {
  "inside functions": inFunctions,
  "everything by a star": "from pkg.core import *\n\n\ndef test_add():\n    assert add(1, 2) == LIMIT\n",
  "in a class":
    "import pkg.core\n\n\nclass TestAdd:\n    def test_add(self):\n        assert pkg.core.add(1, 2) == 3\n",
  "at the top": "from pkg.core import add\n\nTHREE = add(1, 2)\n\n\ndef test_add():\n    assert THREE == 3\n",
  "in a decorator":
    "import pytest\nfrom pkg.core import add\n\n\n@pytest.mark.parametrize('three', [add(1, 2)])\ndef test_add(three):\n    assert three == 3\n",
  "in a default": "from pkg.core import add\n\n\ndef test_add(three=add(1, 2)):\n    assert three == 3\n",
  "through an alias": "from pkg import core\n\nadd = core.add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n",
  "through importorskip":
    "import pytest\n\ncore = pytest.importorskip('pkg.core')\n\n\ndef test_add():\n    assert core.add(1, 2) == 3\n",
  "imported in the test": "def test_add():\n    from pkg.core import add\n    assert add(1, 2) == 3\n",
  conditionally: "if True:\n    from pkg.core import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n",
};

describe.skipIf(missing !== undefined)(title, () => {
  test.each(Object.entries(uses))("give the candidate's own answers where it is used %s", async (_, source) => {
    const file = "test_core.py";
    await using project = await inlinePytest({ ...files, [file]: source });
    await using screen = await open(project);
    const attempt = async (content: string) =>
      (await screen.try({ id: 1, files: { "pkg/core.py": content }, tests: [file] })).kind;
    const kinds = [await attempt(wrong), await attempt(right), await attempt(wrong), await attempt(right)];
    expect(kinds).toEqual(["failed", "passed", "failed", "passed"]);
    expect(await screen.try({ id: 2, files: { "pkg/core.py": "LIMIT = 3\n" }, tests: [file] })).toMatchObject({
      kind: "failed",
    });
  });

  test("see a helper of the tests that hands the candidate on", async () => {
    const helper = "from pkg.core import add\n\n\ndef three():\n    return add(1, 2)\n";
    const direct = "from helping import add, three\n\n\ndef test_add():\n    assert add(1, 2) == three() == 3\n";
    await using project = await inlinePytest({ ...files, "tests/helping.py": helper, "tests/test_core.py": direct });
    await using screen = await open(project);
    const attempt = async (content: string) =>
      (await screen.try({ id: 1, files: { "pkg/core.py": content }, tests: ["tests/test_core.py"] })).kind;
    expect([await attempt(wrong), await attempt(right), await attempt(wrong)]).toEqual(["failed", "passed", "failed"]);
  });

  test("give way to collecting again when a candidate changes a test or configuration", async () => {
    await using project = await inlinePytest({ ...files, "test_core.py": inFunctions });
    await using screen = await open(project);
    const tests = ["test_core.py"];
    expect((await screen.try({ id: 1, files: {}, tests })).kind).toBe("passed");
    const changed = { "test_core.py": "def test_other():\n    assert False\n" };
    expect(await screen.try({ id: 2, files: changed, tests })).toMatchObject({ kind: "failed" });
    const conftest = { "conftest.py": "raise RuntimeError('no')\n" };
    expect(await screen.try({ id: 3, files: conftest, tests })).toMatchObject({ kind: "failed" });
    expect((await screen.try({ id: 4, files: {}, tests })).kind).toBe("passed");
  });
});
