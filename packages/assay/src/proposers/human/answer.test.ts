import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAnswer } from "./answer.ts";
import { typedAnswer } from "./typed-answer.ts";
import { fenced } from "./visible.ts";

const diff = "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-a = bad\n+a = good";
const problemsOf = (text: string) => {
  const read = readAnswer(text);
  return read.kind === "unusable" ? read.problems.join("\n") : "none";
};

describe("a person's answer", () => {
  test("is a diff in a fence, with a name and a reason where there are some", () => {
    expect(readAnswer(`\ufeff\n---\nby: Ada Lovelace\n---\n\nOff by one.\n\n${fenced(diff, "diff")}\n\n`)).toEqual({
      kind: "answer",
      answer: { kind: "patch", by: "Ada Lovelace", because: "Off by one.", edit: { kind: "diff", diff: `${diff}\n` } },
    });
    expect(readAnswer(fenced(diff, "diff").replaceAll("\n", "\r\n"))).toMatchObject({
      answer: { edit: { kind: "diff" } },
    });
  });

  test("is an update, whose deleted lines take their line end with them", () => {
    const update = (lines: string) => readAnswer(`\`\`\`update src/a b.py\n${lines}\n\`\`\``);
    expect(update("<<<< old\n  a = 1\n==== new\n  a = 2\n  b = 3\n>>>> end")).toEqual({
      kind: "answer",
      answer: {
        kind: "patch",
        edit: { kind: "update", path: "src/a b.py", oldStr: "  a = 1", newStr: "  a = 2\n  b = 3" },
      },
    });
    expect(update("<<<< old\n  a = 1\n==== new\n>>>> end")).toMatchObject({
      answer: { edit: { oldStr: "  a = 1\n", newStr: "" } },
    });
  });

  test("is a whole file, which may hold fences in a longer fence", () => {
    const content = "# Title\n```\ncode\n```\n";
    fc.assert(
      fc.property(fc.array(fc.constantFrom("```", "````", "~~~", "text", "", "---"), { minLength: 1 }), (lines) => {
        const text = `${lines.join("\n")}\n`;
        const read = readAnswer(fenced(text, "new_content README.md"));
        expect(read).toMatchObject({ answer: { edit: { kind: "rewrite", content: text } } });
      }),
    );
    expect(readAnswer(fenced(content, "new_content README.md"))).toMatchObject({ answer: { edit: { content } } });
  });

  test("is an opinion, or nothing", () => {
    expect(readAnswer("Opinion: look at\nthe rounding")).toEqual({
      kind: "answer",
      answer: { kind: "opinion", text: "look at\nthe rounding" },
    });
    expect(readAnswer("---\nby: Bob\n---\ngive up\n")).toEqual({
      kind: "answer",
      answer: { kind: "nothing", by: "Bob" },
    });
  });

  test.each([
    ["", "empty"],
    ["---\nby: Bob\n", "line 1: the front matter is not closed"],
    ["---\nby: Bob\n---\n", "nothing behind the front matter"],
    ["---\nby: [1\n---\ngive up", "front matter, lines 1 to 3"],
    ["---\nby: a\nrole: admin\n---\ngive up", 'only "by: NAME"'],
    ['---\nby: "a\\u202eb"\n---\ngive up', "visible characters"],
    ["---\nby: &a [*a]\n---\ngive up", "front matter"],
    ["I think it is fine", "neither a block"],
    ["opinion:  ", "no text behind opinion"],
    [`opinion: ${"x".repeat(4_001)}`, "at most 4000"],
    ["```diff\n-a", "line 1: the block is not closed by ```"],
    ["```diff\n-a\n```", "no hunk"],
    ["```python\na = 1\n```", "a block of kind python"],
    ["```\na = 1\n```", "a block of no kind"],
    ["```update\nx\n```", "update names no file"],
    ["```new_content\nx\n```", "new_content names no file"],
    ["```update a.py\na = 1\n```", "each mark once"],
    ["```update a.py\n<<<< old\na\n==== new\nb\n==== new\nc\n>>>> end\n```", "each mark once"],
    ["```update a.py\n<<<< old\n==== new\nb\n>>>> end\n```", "needs old lines"],
    [`${fenced(diff, "diff")}\n\n${fenced(diff, "diff")}`, "line 9: nothing may stand behind"],
    [`${"x".repeat(2_001)}\n${fenced(diff, "diff")}`, "before the block"],
  ])("that is %j is refused with its place", (text, complaint) => {
    expect(problemsOf(text)).toContain(complaint);
  });

  test("never makes reading fail, whatever it is", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.constantFrom("---", "```", "```diff", "by: a", "opinion:", "@@", "give up"),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const read = readAnswer(pieces.join("\n"));
        if (read.kind === "unusable") expect(read.problems.length).toBeGreaterThan(0);
      }),
    );
  });

  test("typed in short stands for the same", () => {
    expect(typedAnswer("skip")).toEqual({ kind: "document", text: "give up" });
    expect(typedAnswer("opinion it rounds down")).toEqual({ kind: "document", text: "opinion: it rounds down" });
    expect(typedAnswer("file /tmp/a b.md")).toEqual({ kind: "file", path: "/tmp/a b.md" });
    const bare = typedAnswer(diff);
    expect(bare.kind === "document" && readAnswer(bare.text)).toMatchObject({
      answer: { edit: { diff: `${diff}\n` } },
    });
  });
});
