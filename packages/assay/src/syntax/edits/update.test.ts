import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rewrite } from "./rewrite.ts";
import { update } from "./update.ts";

const edit = (text: string, oldStr: string, newStr: string) =>
  update("f.py", { text, executable: false }, oldStr, newStr);
const textOf = (outcome: ReturnType<typeof update>) =>
  outcome.kind === "edited" ? outcome.state.text : outcome.problem.found;

describe("update", () => {
  test("replaces the one occurrence", () => {
    expect(textOf(edit("a = 1\nb = 2\n", "b = 2", "b = 3"))).toBe("a = 1\nb = 3\n");
  });

  test("changes nothing and says how many there are when there are none or several", () => {
    expect(textOf(edit("x x x", "x", "y"))).toBe(3);
    expect(textOf(edit("x x x", "z", "y"))).toBe(0);
  });

  test("counts occurrences that overlap", () => {
    expect(textOf(edit("aaa", "aa", "b"))).toBe(2);
  });

  test("takes bare line feeds for the line ends of a CR LF file and keeps those", () => {
    expect(textOf(edit("one\r\ntwo\r\nthree\r\n", "one\ntwo", "1\n2"))).toBe("1\r\n2\r\nthree\r\n");
    expect(textOf(edit("one\r\ntwo\n", "one\ntwo", "1"))).toBe(0);
  });

  test("inserts the new text literally, whatever signs it has", () => {
    expect(textOf(edit("cost", "cost", "$& $1 $$"))).toBe("$& $1 $$");
  });

  test("replaces exactly the text between head and tail", () => {
    const text = fc.string({ maxLength: 20 });
    fc.assert(
      fc.property(text, fc.string({ minLength: 1 }), text, text, (head, oldStr, tail, newStr) => {
        const outcome = edit(`${head}${oldStr}${tail}`, oldStr, newStr);
        if (outcome.kind === "failed") return (outcome.problem.found ?? 0) > 1;
        return outcome.state.text === `${head}${newStr}${tail}` || /\r\n/.test(head + oldStr + tail);
      }),
    );
  });
});

describe("rewrite", () => {
  const before = { text: "\ufeffa\r\nb\r\n", executable: true };

  test("keeps BOM, CR LF and mode of the file it replaces", () => {
    expect(rewrite(before, "c\n")).toEqual({ text: "\ufeffc\r\n", executable: true });
  });

  test("leaves line ends alone that the content brings itself", () => {
    expect(rewrite(before, "c\r\nd\n").text).toBe("\ufeffc\r\nd\n");
  });

  test("takes a new file as it is", () => {
    expect(rewrite(undefined, "c\r\nd")).toEqual({ text: "c\r\nd", executable: false });
  });
});
