import fc from "fast-check";
import { expect, test } from "vitest";
import { applyHunks, parseDiff } from "#syntax";
import { formatDiff } from "./format-diff.ts";
import { combineHunks } from "./hunks.ts";
import { listHunks } from "./list-hunks.ts";
import { makeFilePatch } from "./make-diff.ts";

const file = (text: string) => ({ text, executable: false });

function diffOf(before: string, after: string): string {
  const patch = makeFilePatch("a.txt", file(before), file(after));
  return patch === undefined ? "" : formatDiff([patch]);
}

function applied(before: string, diff: string): string {
  if (diff === "") return before;
  const parsed = parseDiff(diff);
  if (parsed.kind !== "parsed" || parsed.files[0] === undefined) throw new Error("no diff");
  const result = applyHunks(before, parsed.files[0].hunks);
  if (result.kind !== "applied") throw new Error(JSON.stringify(result));
  return result.text;
}

test("changes a few lines apart are hunks of their own", () => {
  const before = "1\n2\n3\n4\n5\n6\n";
  const hunks = listHunks(diffOf(before, "1\nzwei\n3\n4\nfünf\n6\n"));
  expect(hunks.map(({ line, lines }) => [line, lines])).toEqual([
    [2, 2],
    [5, 2],
  ]);
  expect(applied(before, hunks[1]?.diff ?? "")).toBe("1\n2\n3\n4\nfünf\n6\n");
});

test("changes with one line between them are hunks of their own, where both can be placed", () => {
  const before = "1\n2\n3\n";
  expect(listHunks(diffOf(before, "eins\n2\ndrei\n")).length).toBe(2);
  expect(listHunks(diffOf("1\n", "0\n1\n2\n")).length).toBe(1);
});

test("all together they are the change, and each alone applies", () => {
  const lines = fc.array(fc.constantFrom("a\n", "b\n", "c\n", "d\n"), { maxLength: 30 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      fc.pre(before.length > 0 && after.length > 0);
      const [old, now] = [before.join(""), after.join("")];
      const hunks = listHunks(diffOf(old, now));
      expect(applied(old, combineHunks(hunks.map(({ diff }) => diff)))).toBe(now);
      for (const { diff } of hunks) applied(old, diff);
    }),
  );
});
