import { describe, expect, test } from "vitest";
import { illFormed } from "./ill-formed.ts";

const nested = (levels: number) => JSON.parse("[".repeat(levels) + "]".repeat(levels));

describe("a value of JSON", () => {
  test.each([
    ["a half character", { tests: ["\ud800"] }, "lone surrogate"],
    ["a half character in a name", { "\udfff": 1 }, "lone surrogate"],
    ["a number beyond all", JSON.parse("[1e400]"), "too large"],
    ["one level too many", nested(65), "deeper than 64"],
    ["a million levels", nested(1_000_000), "deeper than 64"],
  ])("with %s is ill-formed", (_what, value, because) => {
    expect(illFormed(value)).toContain(because);
  });

  test.each([[nested(64)], [{ smile: "\ud83d\ude00", none: null, n: 1.5 }], ["text"], [undefined]])(
    "is sound: %#",
    (value) => {
      expect(illFormed(value)).toBeUndefined();
    },
  );
});
