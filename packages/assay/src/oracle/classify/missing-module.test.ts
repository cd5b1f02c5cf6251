import { describe, expect, test } from "vitest";
import { isMisspelling } from "./missing-module.ts";

describe("isMisspelling", () => {
  test.each([
    ["datetme", "datetime"],
    ["datettime", "datetime"],
    ["datatime", "datetime"],
    ["dateitme", "datetime"],
  ])("takes %s for %s", (word, name) => {
    expect(isMisspelling(word, name)).toBe(true);
  });

  test.each([
    ["datetime", "datetime"],
    ["date", "datetime"],
    ["abc", "abd"],
    ["numpy", "mumps"],
  ])("does not take %s for %s", (word, name) => {
    expect(isMisspelling(word, name)).toBe(false);
  });
});
