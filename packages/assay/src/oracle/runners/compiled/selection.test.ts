import { expect, test } from "vitest";
// @ts-expect-error: a plain module that runs inside the sandbox
import { isSelected } from "./assets/selection.mjs";

const selected = (item: string, id: string, file = "calc/calc_test.go") => isSelected([item], id, file) as boolean;

test("means every test by an empty selection", () => {
  expect(isSelected([], "a::B", "a/b_test.go")).toBe(true);
});

test.each([
  ["calc::TestAdd", "calc::TestAdd"],
  ["calc::TestAdd", "calc::TestAdd/negative"],
  ["./calc", "calc::TestAdd"],
  ["./calc/...", "calc::TestAdd"],
  ["./...", "calc::TestAdd"],
  ["calc/calc_test.go", "calc::TestAdd"],
  ["TestAdd", "calc::TestAdd/negative"],
  ["lib::tests", "lib::tests::adds"],
  ["shop.CartTest", "shop.CartTest::adds"],
  ["shop.CartTest::each(int)", "shop.CartTest::each(int)[2]"],
])("takes %s for %s", (item, id) => {
  expect(selected(item, id)).toBe(true);
});

test.each([
  ["calc::TestAdd", "calc::TestAddition"],
  ["calc::TestAdd/negative", "calc::TestAdd"],
  ["cal", "calc::TestAdd"],
  ["shop.Cart", "shop.CartTest::adds"],
])("does not take %s for %s", (item, id) => {
  expect(selected(item, id)).toBe(false);
});
