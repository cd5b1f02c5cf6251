import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDiff } from "./parse-diff.ts";

const lines = (diff: string) => parseDiff(diff).flatMap(({ hunks }) => hunks.flatMap((hunk) => hunk.lines));

describe("parseDiff", () => {
  test("numbers lines and counts changes for each file", () => {
    const files = parseDiff(
      "--- a/x.py\n+++ b/x.py\n@@ -3,2 +3,3 @@ def f():\n a\n-b\n+c\n+d\n--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+e\n",
    );
    expect(files.map(({ path, added, removed }) => [path, added, removed])).toEqual([
      ["x.py", 2, 1],
      ["new.py", 1, 0],
    ]);
    expect(files[0]?.hunks[0]).toMatchObject({
      header: "def f():",
      lines: [{ oldLine: 3, newLine: 3 }, { oldLine: 4 }, { newLine: 4 }, { newLine: 5 }],
    });
  });

  test("takes removed and added lines that look like headers for what they are", () => {
    const diff = "--- a/x.sql\n+++ b/x.sql\n@@ -1,2 +1,2 @@\n--- old comment\n+++ new\n same\n";
    expect(parseDiff(diff)).toHaveLength(1);
    expect(lines(diff).map(({ kind }) => kind)).toEqual(["removed", "added", "context"]);
  });

  test("marks the words that differ in lines that replace one another", () => {
    const [removed, added] = lines("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-for i in range(n - 1):\n+for i in range(n):\n");
    expect(removed?.pieces.filter(({ emphasis }) => emphasis).map(({ text }) => text)).toEqual([" - 1"]);
    expect(added?.pieces.filter(({ emphasis }) => emphasis)).toEqual([]);
  });

  test("names a deleted file and a missing line end", () => {
    const diff = "--- a/gone.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n\\ No newline at end of file\n";
    expect(parseDiff(diff)[0]?.path).toBe("gone.py");
    expect(lines(diff).map(({ kind }) => kind)).toEqual(["removed", "note"]);
  });

  test("never throws, and invents no line", () => {
    const part = fc.constantFrom(
      "--- a/x",
      "+++ b/x",
      "@@ -1,2 +1,2 @@",
      "@@ -9999999999 +1 @@",
      "-a",
      "+b",
      " c",
      "\\",
      "",
      "diff --git a b",
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        for (const { pieces } of lines(parts.join("\n")))
          expect(["a", "b", "c", "", "-- a/x", "++ b/x"]).toContain(pieces.map((p) => p.text).join(""));
      }),
    );
  });
});
