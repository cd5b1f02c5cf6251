import { describe, expect, test } from "vitest";
import { inlinePytest } from "../support/inline-pytest.ts";
import { whyNoPytest } from "../support/pytest-project.ts";

const missing = await whyNoPytest();
const title = `a shuffled pytest run${missing === undefined ? "" : ` (skipped: ${missing})`}`;

const leaky = {
  "pytest.ini": "[pytest]\n",
  "shop.py": "cart = []\n",
  "test_shop.py": [
    "import pytest, shop",
    "@pytest.fixture(scope='module')\ndef opened():\n    yield 1",
    "def test_starts_empty(opened):\n    assert shop.cart == []",
    ...Array.from({ length: 9 }, (_, i) => `def test_adds_${i}(opened):\n    shop.cart.append(${i})`),
  ].join("\n\n"),
};

describe.skipIf(missing !== undefined)(title, () => {
  test("shows a test that passes only when it comes first, the same way for the same seed", async () => {
    await using project = await inlinePytest(leaky);
    const failing = async (shuffleSeed?: number): Promise<string[]> => {
      const { report } = await project.runner.run(project.request(shuffleSeed === undefined ? {} : { shuffleSeed }));
      expect(report.complete).toBe(true);
      expect(report.collected).toHaveLength(10);
      return report.results.filter((result) => result.outcome !== "passed").map((result) => result.id);
    };
    expect(await failing()).toEqual([]);
    const seeds = [1, 2, 3];
    const first = await Promise.all(seeds.map(failing));
    expect(first.some((ids) => ids.length === 1)).toBe(true);
    expect(await Promise.all(seeds.map(failing))).toEqual(first);
  });
});
