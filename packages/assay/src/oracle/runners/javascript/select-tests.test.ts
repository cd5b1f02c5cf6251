import { describe, expect, test } from "vitest";
import { selectTests } from "./select-tests.ts";

const files = ["test/a.test.ts", "test/deep/b.test.ts"];

describe("selectTests", () => {
  test("chooses every file whole without selectors", () => {
    expect(selectTests(files, [])).toEqual(files.map((path) => ({ path, prefixes: [], fragments: [], patterns: [] })));
  });

  test("takes an id back, with a pattern that its names match and no others", () => {
    const [selection] = selectTests(files, ["test/a.test.ts > adds (1 + 1) > twice #2"]);
    expect(selection?.ids).toEqual(["test/a.test.ts > adds (1 + 1) > twice #2"]);
    const pattern = new RegExp(selection?.patterns[0] ?? "");
    expect(pattern.test("adds (1 + 1) twice")).toBe(true);
    expect(pattern.test("adds (1 + 1) > twice")).toBe(true);
    expect(pattern.test("adds (1 + 1) twice more")).toBe(false);
  });

  test("takes a file and a folder whole, also beside ids of the same file", () => {
    const selected = selectTests(files, ["test/deep", "test/a.test.ts > x", "test/a.test.ts"]);
    expect(selected.map(({ path, ids }) => [path, ids])).toEqual([
      ["test/deep/b.test.ts", undefined],
      ["test/a.test.ts", undefined],
    ]);
  });

  test("takes a file that is not known yet", () => {
    expect(selectTests(files, ["test/new.test.ts"]).map(({ path }) => path)).toEqual(["test/new.test.ts"]);
  });

  test("looks for anything else in the ids of all files", () => {
    expect(selectTests(files, ["rounding"]).map(({ fragments }) => fragments)).toEqual([["rounding"], ["rounding"]]);
  });
});
