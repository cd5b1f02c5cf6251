import { describe, expect, test } from "vitest";
import { applyEdits } from "./apply-edits.ts";
import type { Found } from "./file-state.ts";

/** Applies one diff to files in memory: the new files, or the problems. */
async function applyDiff(files: Record<string, string>, diff: string) {
  const read = async (path: string): Promise<Found> => {
    const text = files[path];
    return text === undefined ? { kind: "absent" } : { kind: "file", state: { text, executable: false } };
  };
  const applied = await applyEdits([{ kind: "diff", diff }], read);
  if (applied.kind === "failed") return applied.problems;
  return Object.fromEntries([...applied.changes].map(([path, state]) => [path, state?.text]));
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join("");
const hunk = (at: number, line: string, changed: string) => `@@ -${at},1 +${at},1 @@\n-${line}\n+${changed}\n`;
const header = "--- a/f\n+++ b/f\n";

describe("a diff", () => {
  test("is applied at its context when its line numbers are wrong", async () => {
    const diff = `${header}@@ -90,3 +95,3 @@\n line 3\n-line 4\n+four\n line 5\n`;
    expect(await applyDiff({ f: numbered(9) }, diff)).toEqual({ f: numbered(9).replace("line 4", "four") });
  });

  test("is never applied at a context that differs in as much as a blank", async () => {
    const diff = `${header}@@ -3,3 +3,3 @@\n line  3\n-line 4\n+four\n line 5\n`;
    expect(await applyDiff({ f: numbered(9) }, diff)).toEqual([
      { path: "f", hunk: 1, message: "hunk 1 of 1: context not found" },
    ]);
  });

  test("reports every hunk that does not apply and applies none", async () => {
    const diff =
      header + hunk(1, "line 1", "one") + hunk(2, "line x", "x") + hunk(3, "line 3", "three") + hunk(4, "y", "");
    expect(await applyDiff({ f: numbered(9) }, diff)).toEqual([
      { path: "f", hunk: 2, message: "hunk 2 of 4: context not found" },
      { path: "f", hunk: 4, message: "hunk 4 of 4: context not found" },
    ]);
  });

  test("takes the place nearest to the stated line, and none of two equally near", async () => {
    const text = "x\n1\nx\n2\nx\n3\n4\n5\nx\n";
    expect(await applyDiff({ f: text }, header + hunk(8, "x", "y"))).toEqual({ f: "x\n1\nx\n2\nx\n3\n4\n5\ny\n" });
    expect(await applyDiff({ f: text }, header + hunk(4, "x", "y"))).toMatchObject([{ hunk: 1 }]);
  });

  test("takes two equal hunks for two places", async () => {
    const diff = header + hunk(1, "x", "y") + hunk(1, "x", "z");
    expect(await applyDiff({ f: "x\nm\nx\n" }, diff)).toEqual({ f: "y\nm\nz\n" });
  });

  test("needs context to insert into a file that is not empty", async () => {
    const diff = `${header}@@ -2,0 +3,1 @@\n+new\n`;
    expect(await applyDiff({ f: "a\nb\nc\n" }, diff)).toMatchObject([{ hunk: 1 }]);
    expect(await applyDiff({ f: "" }, `${header}@@ -0,0 +1,1 @@\n+new\n`)).toEqual({ f: "new\n" });
  });

  test("with LF applies to a CR LF file and keeps its line ends", async () => {
    expect(await applyDiff({ f: "a\r\nb\r\n" }, header + hunk(1, "a", "c"))).toEqual({ f: "c\r\nb\r\n" });
  });

  test("with LF does not apply to a file of mixed line ends where they differ", async () => {
    expect(await applyDiff({ f: "a\r\nb\n" }, header + hunk(1, "a", "c"))).toMatchObject([{ hunk: 1 }]);
    expect(await applyDiff({ f: "a\r\nb\n" }, header + hunk(2, "b", "c"))).toEqual({ f: "a\r\nc\n" });
  });

  test("keeps a BOM it does not mention", async () => {
    expect(await applyDiff({ f: "\ufeffa\nb\n" }, header + hunk(1, "a", "c"))).toEqual({ f: "\ufeffc\nb\n" });
  });

  test("keeps a missing final newline it does not mention, and changes one it mentions", async () => {
    expect(await applyDiff({ f: "a\nb" }, header + hunk(2, "b", "c"))).toEqual({ f: "a\nc" });
    const adding = `${header}@@ -2,1 +2,1 @@\n-b\n\\ No newline at end of file\n+b\n`;
    expect(await applyDiff({ f: "a\nb" }, adding)).toEqual({ f: "a\nb\n" });
    const removing = `${header}@@ -2,1 +2,1 @@\n-b\n+b\n\\ No newline at end of file\n`;
    expect(await applyDiff({ f: "a\nb\n" }, removing)).toEqual({ f: "a\nb" });
  });

  test("does not put a line without a newline into the middle of a file", async () => {
    const diff = `${header}@@ -1,1 +1,1 @@\n-a\n+c\n\\ No newline at end of file\n`;
    expect(await applyDiff({ f: "a\nb\n" }, diff)).toMatchObject([{ path: "f" }]);
  });

  test("changes, makes and deletes several files", async () => {
    const diff = [
      "diff --git a/f b/f\nindex 1..2 100644\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n",
      "diff --git a/new dir/n b/new dir/n\nnew file mode 100755\n--- /dev/null\n+++ b/new dir/n\t\n@@ -0,0 +1 @@\n+n\n",
      "diff --git a/gone b/gone\ndeleted file mode 100644\n--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-g\n",
    ].join("");
    expect(await applyDiff({ f: "a\n", gone: "g\n" }, diff)).toEqual({ f: "b\n", "new dir/n": "n\n", gone: undefined });
  });

  test("may come without prefixes, with times, or between two names of one file", async () => {
    const times = "--- f\t2024-01-01 00:00:00\n+++ f\t2024-01-02 00:00:00\n";
    expect(await applyDiff({ f: "a\n" }, times + hunk(1, "a", "b"))).toEqual({ f: "b\n" });
    expect(await applyDiff({ f: "a\n" }, `--- f.orig\n+++ f\n${hunk(1, "a", "b")}`)).toEqual({ f: "b\n" });
  });

  test("moves a file that git says was renamed", async () => {
    const diff = `diff --git a/f b/g\nsimilarity index 90%\nrename from f\nrename to g\n--- a/f\n+++ b/g\n${hunk(1, "a", "b")}`;
    expect(await applyDiff({ f: "a\n" }, diff)).toEqual({ f: undefined, g: "b\n" });
    expect(await applyDiff({ f: "a\n", g: "" }, diff)).toMatchObject([{ path: "g" }]);
  });

  test("neither makes a file there is nor deletes more than it shows", async () => {
    expect(await applyDiff({ f: "a\n" }, "--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+n\n")).toMatchObject([{ path: "f" }]);
    expect(await applyDiff({ f: "a\nb\n" }, "--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n")).toMatchObject([
      { path: "f" },
    ]);
  });

  test("never leaves the project", async () => {
    for (const path of ["../f", "/etc/passwd", ".git/config"]) {
      expect(await applyDiff({}, `--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+n\n`)).toMatchObject([{ path }]);
    }
  });

  test("makes no link", async () => {
    const diff = "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc/passwd\n";
    expect(await applyDiff({}, diff)).toMatchObject([{ message: expect.stringContaining("120000") }]);
  });

  test.each(["nonsense", "@@ -1 +1 @@\n-a\n+b\n", `${header}@@ -1,5 +1 @@\n-a\n+b\n`, "--- a/f\n@@ -1 +1 @@\n"])(
    "that is malformed is a problem: %j",
    async (diff) => {
      expect(await applyDiff({ f: "a\n" }, diff)).toMatchObject([{ message: expect.any(String) }]);
    },
  );
});

describe("edits", () => {
  const read = async (path: string): Promise<Found> =>
    path === "f" ? { kind: "file", state: { text: "a\n", executable: false } } : { kind: "absent" };

  test("see what those before them did", async () => {
    const applied = await applyEdits(
      [
        { kind: "rewrite", path: "new/x", content: "one" },
        { kind: "update", path: "new/x", oldStr: "one", newStr: "two" },
      ],
      read,
    );
    expect(applied).toMatchObject({ kind: "applied" });
    if (applied.kind === "applied") expect(applied.changes.get("new/x")?.text).toBe("two");
  });

  test("cannot make a file of a folder nor a folder of a file", async () => {
    const made = { kind: "rewrite" as const, path: "x", content: "" };
    expect((await applyEdits([made, { ...made, path: "x/y" }], read)).kind).toBe("failed");
    expect((await applyEdits([{ ...made, path: "x/y" }, made], read)).kind).toBe("failed");
  });

  test("are all looked at before the problems are told", async () => {
    const missing = { kind: "update" as const, path: "nope", oldStr: "a", newStr: "b" };
    const applied = await applyEdits([missing, { ...missing, path: "f", oldStr: "z" }], read);
    expect(applied).toMatchObject({ kind: "failed", problems: [{ path: "nope" }, { path: "f", found: 0 }] });
  });
});
