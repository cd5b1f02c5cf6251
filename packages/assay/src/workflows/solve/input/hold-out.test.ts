import fc from "fast-check";
import { expect, test } from "vitest";
import { languageOf, parseSource } from "#syntax";
import { holdOut } from "./hold-out.ts";
import { readTestFile } from "./read-test-file.ts";

const source = `import pytest
from solution import gcd


# the first
def test_one():
    assert gcd(12, 18) == 6  # SECRET1


def test_two():
    assert gcd(7, 5) == 1


@pytest.mark.parametrize("n", [1, 2])
def test_three(n):
    assert gcd(n, n) == n
    # about the third


def test_four():
    assert gcd(0, 4) == 4


def test_five():
    with pytest.raises(ValueError):
        gcd(-1, 4)
`;

test("cuts out just what is held out, whatever the lot: the rest stays as it was, and parses", () => {
  const file = readTestFile({ path: "/t/test_gcd.py", text: source });
  fc.assert(
    fc.property(fc.double({ min: 0.05, max: 0.95, noNaN: true }), fc.nat(10_000), (fraction, seed) => {
      const { visible, heldOut, all } = holdOut([file], { fraction, seed });
      expect(all).toBe(5);
      const [left] = visible;
      const text = left?.given.text ?? "";
      const language = languageOf("test_gcd.py");
      expect(language && parseSource(language, text).kind).toBe("parsed");
      const names = ["one", "two", "three", "four", "five"].filter((name) => text.includes(`def test_${name}(`));
      expect(names).toHaveLength(5 - heldOut);
      for (const line of text.split("\n")) expect(line.trim() === "pass" || source.includes(line)).toBe(true);
      if (!names.includes("one")) expect(text).not.toMatch(/SECRET1|the first/);
    }),
  );
});
