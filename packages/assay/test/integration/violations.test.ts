import type { RunEvent } from "@assay/sdk";
import { expect, test } from "vitest";
import { thorough } from "../support/depth.ts";
import { gitRepository, judge } from "../support/judged-repository.ts";

const source = (total: string, discount: string) => `def discount(quantity):
    return ${discount}


def name(order):
    return order["name"].strip()


def label(order):
    return name(order).upper()


def total(price, quantity):
    return ${total}
`;
const tests = `from prices import discount, label, total


def test_discount():
    assert discount(10) == 10


def test_label():
    assert label({"name": " a "}) == "A"


def test_total():
    assert total(2, 20) == 40
`;
const right = { total: "price * quantity", discount: "10 if quantity >= 10 else 0" };
const wrong = { total: "price * quantity + 1", discount: "10 if quantity > 10 else 0" };
const files = (total: string, discount: string) => ({ "prices.py": source(total, discount) });
const base = { ...files(right.total, wrong.discount), "tests/test_prices.py": tests, "conftest.py": "" };

function of<T extends RunEvent["type"]>(events: readonly RunEvent[], type: T) {
  return events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
}

test("the hunk of a change that turned a test red is found among the others", async () => {
  await using repository = await gitRepository(base);
  await repository.commit(files(wrong.total, right.discount));
  const { code, events } = await judge(repository);
  expect(code).toBe(1);
  const [violation] = of(events, "violation-found");
  expect(violation).toMatchObject({ kind: "test-result", subjects: ["tests/test_prices.py::test_total"] });
  const explored = of(events, "violation-explored");
  expect(explored.map(({ kind, conclusion }) => [kind, conclusion])).toEqual([
    ["bisect", "narrowed"],
    ["verbose-rerun", "confirmed"],
  ]);
  expect(explored[0]).toMatchObject({ subjects: ["prices.py:14"] });
  expect(explored[1]?.finding).toContain("assert 41 == 40");
  expect(explored.every(({ evidence }) => evidence.length > 0)).toBe(true);
});

thorough("a test that fails only after another one is told from one that is broken", async () => {
  const leaking = { "prices.py": `${source(right.total, right.discount)}\nseen = []\n` };
  const ordered = `import prices


def test_a_first():
    prices.seen.append(1)


def test_b_second():
    assert prices.total(1, 2) == 2
`;
  await using repository = await gitRepository({ ...leaking, "tests/test_prices.py": ordered, "conftest.py": "" });
  await repository.commit({
    "prices.py": leaking["prices.py"].replace("    return price * quantity", "    return price * quantity + len(seen)"),
  });
  const { events } = await judge(repository);
  // Judge runs the suite in two orders: what depends on the order comes out differently.
  expect(of(events, "violation-found").map(({ kind, subjects }) => [kind, subjects])).toEqual([
    ["flake", ["tests/test_prices.py::test_b_second"]],
  ]);
  expect(of(events, "violation-explored").map(({ kind, conclusion }) => [kind, conclusion])).toEqual([
    ["rerun", "confirmed"],
    ["verbose-rerun", "explained"],
    ["environment-diff", "explained"],
  ]);
});

test("nothing is looked into where everything is as expected", async () => {
  await using repository = await gitRepository(base);
  await repository.commit(files(right.total, right.discount));
  const { code, events } = await judge(repository);
  expect(code).toBe(0);
  expect(of(events, "violation-found")).toEqual([]);
  expect(of(events, "step-finished").filter(({ key }) => key.includes("violations"))).toEqual([]);
});
