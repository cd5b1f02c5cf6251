import { afterAll, describe, expect, test } from "vitest";
import { failureOf, ModelRequests } from "../../../../test/fakes/model-requests.ts";
import { contextOf } from "./context-of.ts";
import { materialOf } from "./material.ts";

const requests = new ModelRequests();
afterAll(() => requests[Symbol.asyncDispose]());

const filler = Array.from({ length: 60 }, (_, index) => `def filler_${index}():\n    return ${index}\n\n`).join("\n");
const rates = `from shop.money import Amount, rounded

STEPS = [(10, 5), (1, 0)]


${filler}

def discount(amount):
    for least, percent in STEPS:
        if amount > Amount(least):
            return rounded(percent)
    raise ValueError("too small")
`;
const money = `class Amount:
    """Cents."""

    def __init__(self, cents):
        self.cents = cents


def rounded(value):
    return int(value)


def unrelated():
    return 1
${filler.replaceAll("filler", "other")}
`;
const till = `from shop.rates import discount\n\n\ndef total(amount):\n    return amount - discount(amount)\n\n\n${filler.replaceAll("filler", "till")}`;
const line = rates.split("\n").findIndex((text) => text.includes("if amount >")) + 1;
const id = "tests/test_rates.py::test_ten";
const request = await requests.of(
  {
    "shop/rates.py": rates,
    "shop/money.py": money,
    "shop/till.py": till,
    "tests/test_rates.py":
      "from shop.rates import discount\n\n\ndef ten():\n    return 10\n\n\ndef test_ten():\n    assert discount(ten()) == 5\n\n\ndef test_other():\n    assert True\n",
    "AGENTS.md": "# Notes\n\nMoney is in cents.\n",
    "CLAUDE.md": "Not read beside the other.\n",
  },
  {
    failing: { [id]: "tests/test_rates.py" },
    failures: [failureOf("assertion", { frames: [{ file: "shop/rates.py", line }] }, [id])],
    coverage: { [id]: { "shop/rates.py": [line - 1, line, line + 1] } },
  },
);
const material = await materialOf(request);
const sectionOf = (name: string) => material.sections().find((section) => section.name === name)?.forms[0]?.text ?? "";

describe("the context of a failure", () => {
  test("has the suspicious function with its line numbers, and says what is left out", () => {
    const text = sectionOf("the suspicious code");
    expect(text).toContain(`shop/rates.py:${line} in discount`);
    expect(text).toContain(`${line}|         if amount > Amount(least):`);
    expect(text).not.toContain("filler_3");
    expect(text).toMatch(/… \d+ lines left out/);
  });

  test("has what that function uses, from its file and from those that it imports, and nothing else of them", () => {
    const text = sectionOf("what the suspicious code uses");
    expect(text).toContain("STEPS = [(10, 5), (1, 0)]");
    expect(text).toContain("class Amount:");
    expect(text).toContain("def rounded(value):");
    expect(text).not.toMatch(/unrelated|other_3/);
  });

  test("has its callers with the functions they are in", () => {
    expect(sectionOf("the callers")).toMatch(/return amount - discount\(amount\) {4}\(in total\)/);
  });

  test("has the failing test with what it uses, and no other test", () => {
    const text = sectionOf("the failing tests");
    expect(text).toContain("def test_ten():");
    expect(text).toContain("def ten():");
    expect(text).not.toContain("test_other");
  });

  test("has the notes of one file", () => {
    expect(sectionOf("the project's notes")).toContain("Money is in cents.");
    expect(sectionOf("the project's notes")).not.toContain("Not read");
  });

  test("names what there was no room for", () => {
    const fitted = contextOf(material.sections(), 420);
    expect(fitted).toMatchObject({
      kind: "fits",
      text: expect.stringMatching(/For want of room, nothing is shown of: .*the project's notes/),
    });
  });
});
