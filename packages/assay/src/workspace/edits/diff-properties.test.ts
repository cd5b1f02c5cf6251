import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FileState, Found } from "#syntax";
import { applyEdits } from "#syntax";
import { git, readTree, scratch } from "../../../test/support/scratch.ts";
import { formatDiff } from "./format-diff.ts";
import { combineHunks, reverseDiff, splitHunks } from "./hunks.ts";
import { makeFilePatch } from "./make-diff.ts";

type Tree = Record<string, FileState>;

const line = fc.constantFrom(
  "a",
  "b",
  "c",
  "",
  " a",
  "-- a",
  "++ b",
  "\\ x",
  "@@ -1 +1 @@",
  "é€𝄞",
  "diff --git a/x b/x",
);
const text = fc
  .tuple(fc.array(line, { maxLength: 30 }), fc.constantFrom("\n", "\r\n"), fc.boolean(), fc.boolean())
  .map(([lines, end, final, mark]) => {
    const body = lines.join(end) + (final && lines.length > 0 ? end : "");
    return mark && body !== "" ? `\ufeff${body}` : body;
  });
const state = fc.record({ text, executable: fc.boolean() });
const names = ["a.py", "b c.txt", "größe/ñ", "t\tab", 'q"uo\\te', "new\nline", "end ", "x/y/z", "b/a"];
const tree = fc.dictionary(fc.constantFrom(...names), state, { maxKeys: 6 }).map((made): Tree => ({ ...made }));

/** A second tree that has much in common with the first, as a change has. */
const change = fc.tuple(tree, tree, fc.infiniteStream(fc.nat(5))).map(([before, other, dice]) => {
  const after: Tree = { ...other };
  for (const [path, old] of Object.entries(before)) {
    const throw_ = dice.next().value;
    if (throw_ === 0) delete after[path];
    else if (throw_ === 1) after[path] = old;
    else if (throw_ < 5) after[path] = { ...old, text: old.text.replace(/a/, "changed").replace(/c\n(?=[^c]*$)/, "") };
  }
  return { before, after };
});

function diffOf(before: Tree, after: Tree): string {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return formatDiff(
    paths.map((path) => makeFilePatch(path, before[path], after[path])).filter((patch) => patch !== undefined),
  );
}

async function applied(files: Tree, diff: string): Promise<Tree> {
  if (diff === "") return files;
  const read = async (path: string): Promise<Found> => {
    const found = files[path];
    return found === undefined ? { kind: "absent" } : { kind: "file", state: found };
  };
  const result = await applyEdits([{ kind: "diff", diff }], read);
  if (result.kind === "failed") throw new Error(JSON.stringify({ problems: result.problems, diff }));
  const after = { ...files };
  for (const [path, state] of result.changes) {
    if (state === undefined) delete after[path];
    else after[path] = state;
  }
  return after;
}

describe("a canonical diff", () => {
  test("applied to what was gives what is", async () => {
    await fc.assert(
      fc.asyncProperty(change, async ({ before, after }) => {
        expect(await applied(before, diffOf(before, after))).toEqual(after);
      }),
      { numRuns: 500 },
    );
  });

  test("applied and then reversed changes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(change, async ({ before, after }) => {
        const diff = diffOf(before, after);
        expect(await applied(after, reverseDiff(diff))).toEqual(before);
        expect(reverseDiff(reverseDiff(diff))).toBe(diff);
      }),
      { numRuns: 300 },
    );
  });

  test("split into hunks and combined is the same diff, in whatever order", () => {
    fc.assert(
      fc.property(change, ({ before, after }) => {
        const diff = diffOf(before, after);
        expect(combineHunks(splitHunks(diff))).toBe(diff);
        expect(combineHunks(splitHunks(diff).reverse())).toBe(diff);
      }),
      { numRuns: 300 },
    );
  });

  test("leaves any of its hunks out and the others still apply, together or one after the other", async () => {
    await fc.assert(
      fc.asyncProperty(change, fc.infiniteStream(fc.boolean()), async ({ before, after }, kept) => {
        const some = splitHunks(diffOf(before, after)).filter(() => kept.next().value);
        let step = before;
        for (const hunk of some) step = await applied(step, hunk);
        expect(await applied(before, combineHunks(some))).toEqual(step);
      }),
      { numRuns: 300 },
    );
  });

  test("of two long unlike texts is made without looking for the shortest one, and applies", async () => {
    const long = (word: string) => ({
      text: `same\n${Array.from({ length: 9000 }, (_, index) => `${word} ${index}\n`).join("")}end`,
      executable: false,
    });
    const [before, after] = [{ f: long("old") }, { f: long("new") }];
    expect(await applied(before, diffOf(before, after))).toEqual(after);
  });

  test("is accepted by git apply", async () => {
    await using space = await scratch();
    await git(space.path, "init", "--quiet");
    let index = 0;
    await fc.assert(
      fc.asyncProperty(change, async ({ before, after }) => {
        const diff = diffOf(before, after);
        fc.pre(diff !== "");
        index += 1;
        const root = await space.tree(`g${index}`, texts(before));
        await git(root, "init", "--quiet");
        const patch = join(space.path, "patch");
        writeFileSync(patch, diff);
        await git(root, "apply", "--whitespace=nowarn", patch);
        expect(await readTree(root)).toEqual(texts(after));
      }),
      { numRuns: 40 },
    );
  });

  test("is accepted by patch -p1", async (context) => {
    if (spawnSync("patch", ["--version"]).error) return context.skip("patch is not installed");
    await using space = await scratch();
    let index = 0;
    await fc.assert(
      fc.asyncProperty(change, async ({ before, after }) => {
        const diff = diffOf(before, after);
        fc.pre(diff !== "");
        index += 1;
        const root = await space.tree(`p${index}`, texts(before));
        execFileSync("patch", ["-p1", "--binary", "--silent", "--force"], { cwd: root, input: diff, stdio: "pipe" });
        expect(await readTree(root)).toEqual(texts(after));
      }),
      { numRuns: 40 },
    );
  });
});

function texts(files: Tree): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, { text }]) => [path, text]));
}
