import { afterAll, describe, expect, test } from "vitest";
import { answerCharactersMax, type ModelAnswerEnd, type ProposalRequest, type TriedCandidate } from "#ports";
import { failureOf, ModelRequests } from "../../../../test/fakes/model-requests.ts";
import type { EditMode } from "../edit-mode.ts";
import { readAnswer } from "./read-answer.ts";

const cart = `def total(prices, discount):
    amount = 0
    for price in prices:
        amount += price
    return amount - discount


def is_free(prices):
    return len(prices) == 0
`;
const wording =
  "def greet(name):\r\n    return 'hello ' + name\r\n\r\n\r\ndef bye(name):\r\n    return 'bye ' + name\r\n";

const requests = new ModelRequests();
afterAll(() => requests[Symbol.asyncDispose]());
const project = await requests.of({
  "shop/cart.py": cart,
  "shop/words.py": wording,
  "tests/test_cart.py": "from shop.cart import total\n",
  "README.md": "# Shop\n",
});

const read = (
  text: string,
  mode: EditMode = "update",
  end: ModelAnswerEnd = "complete",
  request: ProposalRequest = project,
) => readAnswer(text, end, request, mode);
const problemOf = async (text: string, mode: EditMode = "update", end: ModelAnswerEnd = "complete") => {
  const answer = await read(text, mode, end);
  return answer.kind === "unusable" ? answer.problem : answer;
};
const yaml = (body: string) => `reasoning: |\n  Why.\nfile_to_patch: shop/cart.py\n${body}`;
const update = yaml(`update:
  old_str: |2
        return amount - discount
  new_str: |2
        return amount - amount * discount
`);
const updated = {
  kind: "update",
  path: "shop/cart.py",
  oldStr: "    return amount - discount\n",
  newStr: "    return amount - amount * discount\n",
};
const diff = `--- a/shop/cart.py
+++ b/shop/cart.py
@@ -90,9 +90,9 @@
         amount += price
-    return amount - discount
+    return amount * (1 - discount)
`;
const indented = (text: string) => text.replace(/^(?=.)/gm, "  ");

describe("an answer in YAML", () => {
  test("is an update of text that occurs once", async () => {
    expect(await read(update)).toEqual({ kind: "edit", mode: "update", reasoning: "Why.", edits: [updated] });
  });

  test("is a diff whose line numbers and counts may be wrong", async () => {
    const answer = await read(yaml(`patch: |\n${indented(diff)}`), "diff");
    expect(answer).toMatchObject({ kind: "edit", mode: "diff" });
    expect(answer.kind === "edit" && answer.edits[0]?.kind === "diff" && answer.edits[0].diff).toContain(
      "@@ -90,2 +90,2 @@",
    );
  });

  test("is a diff without file names when file_to_patch has it", async () => {
    const hunk = diff.split("\n").slice(2).join("\n");
    expect(await read(yaml(`patch: |\n${indented(hunk)}`), "diff")).toMatchObject({ kind: "edit", mode: "diff" });
  });

  test("is the whole file anew", async () => {
    const content = cart.replace("- discount", "* (1 - discount)");
    const answer = await read(yaml(`new_content: |\n${indented(content)}`), "rewrite");
    expect(answer).toEqual({
      kind: "edit",
      mode: "rewrite",
      reasoning: "Why.",
      edits: [{ kind: "rewrite", path: "shop/cart.py", content }],
    });
  });

  test("may make a new file", async () => {
    expect(await read(`file_to_patch: shop/rates.py\nnew_content: |\n  RATE = 1\n`, "rewrite")).toMatchObject({
      edits: [{ kind: "rewrite", path: "shop/rates.py", content: "RATE = 1\n" }],
    });
  });

  test("may have a colon in its reasoning", async () => {
    const text = `reasoning: The cause: a share is not an amount\nfile_to_patch: shop/cart.py\nupdate: {old_str: "amount - discount", new_str: "amount - amount * discount"}\n`;
    expect(await read(text)).toMatchObject({ kind: "edit", reasoning: "The cause: a share is not an amount" });
  });
});

describe("an answer in JSON", () => {
  const value = {
    reasoning: "Why.",
    file_to_patch: "./shop/cart.py",
    update: { old_str: updated.oldStr, new_str: updated.newStr },
    patch: null,
    new_content: "",
  };

  test("may be bare, fenced, and talked around", async () => {
    const bare = JSON.stringify(value, null, 2);
    for (const text of [
      bare,
      `\ufeff${bare}`,
      `Sure {here} it is:\n${bare}\nHope it helps!`,
      `Look:\n\n\`\`\`json\n${bare}\n\`\`\`\nDone.`,
    ]) {
      expect(await read(text)).toEqual({ kind: "edit", mode: "update", reasoning: "Why.", edits: [updated] });
    }
  });

  test("may have line feeds in its strings and a comma too many", async () => {
    const text = `{"reasoning": "a\nb", "file_to_patch": "shop/cart.py", "update": {"old_str": "amount - discount", "new_str": "amount",},}`;
    expect(await read(text)).toMatchObject({ kind: "edit", reasoning: "a\nb" });
  });

  test("is taken when it is complete although the answer was cut off behind it", async () => {
    const text = `${JSON.stringify(value)}\n\nLet me also expl`;
    expect(await read(text, "update", "truncated")).toMatchObject({ kind: "edit" });
  });
});

describe("of several documents", () => {
  const block = (newStr: string) =>
    `\`\`\`json\n${JSON.stringify({ file_to_patch: "shop/cart.py", update: { old_str: "amount - discount", new_str: newStr } })}\n\`\`\`\n`;

  test("the last one wins", async () => {
    const answer = await read(`First:\n${block("one")}No, better:\n${block("two")}That is it.`);
    expect(answer).toMatchObject({ edits: [{ newStr: "two" }] });
  });

  test("the only complete one wins", async () => {
    expect(await read(`${block("one")}${block("two").slice(0, 60)}`, "update", "truncated")).toMatchObject({
      edits: [{ newStr: "one" }],
    });
  });

  test("those that are no answers are passed over", async () => {
    expect(await read(`${block("one")}The configuration stays:\n\`\`\`yaml\nname: shop\n\`\`\`\n`)).toMatchObject({
      kind: "edit",
    });
  });
});

describe("an unusable answer", () => {
  test("says how it ended when it did not end by itself", async () => {
    expect(await read("I cannot help with that.", "diff", "refused")).toEqual({
      kind: "unusable",
      problem: "the model refused to answer",
      nextMode: "diff",
    });
    expect(await problemOf("", "update", "tool-call")).toContain("there are no tools");
    expect(await problemOf(" \n", "update")).toBe("the answer is empty");
    expect(await problemOf(update.slice(0, -30), "update", "truncated")).toContain("cut off");
    expect(await read(update, "rewrite", "truncated")).toMatchObject({ nextMode: "diff" });
    expect(await problemOf("a".repeat(answerCharactersMax + 1))).toContain("longer than");
  });

  test("asks for the next wider mode", async () => {
    for (const [mode, nextMode] of [
      ["update", "diff"],
      ["diff", "rewrite"],
      ["rewrite", "rewrite"],
    ] as const) {
      expect(await read("I would look at the discount.", mode)).toMatchObject({ kind: "unusable", nextMode });
    }
  });

  test.each([
    [
      "both",
      `{"file_to_patch":"shop/cart.py","patch":"x","new_content":"y"}`,
      "patch and new_content are given, exactly one",
    ],
    ["none", `{"file_to_patch":"shop/cart.py","update":null}`, "none of update, patch and new_content is given"],
    ["no file", `{"new_content":"y"}`, "file_to_patch is missing"],
    ["a test", `{"file_to_patch":"tests/test_cart.py","new_content":"y = 1"}`, "tests/test_cart.py is an oracle file"],
    ["another file", `{"file_to_patch":"README.md","new_content":"y"}`, "README.md is not one of the source files"],
    ["a way out", `{"file_to_patch":"../cart.py","new_content":"y"}`, "the path leaves the project"],
    ["a secret", `{"file_to_patch":".env","new_content":"y"}`, "kept out of workspaces"],
    [
      "a new file that decides",
      `{"file_to_patch":"shop/conftest.py","new_content":"y = 1"}`,
      "shop/conftest.py would be an oracle file",
    ],
    [
      "a new file that is no code",
      `{"file_to_patch":"setup.cfg","new_content":"y"}`,
      "only source files (.py) may be made",
    ],
    [
      "a wrong folder",
      `{"file_to_patch":"cart.py","new_content":"y"}`,
      "there is no file cart.py; was shop/cart.py meant?",
    ],
    [
      "a wrong name",
      `{"file_to_patch":"shop/card.py","update":{"old_str":"a","new_str":"b"}}`,
      "was shop/cart.py meant?",
    ],
    [
      "no such text",
      `{"file_to_patch":"shop/cart.py","update":{"old_str":"    return amount-discount","new_str":"b"}}`,
      `is line 5, "    return amount - discount"`,
    ],
    [
      "line numbers",
      `{"file_to_patch":"shop/cart.py","update":{"old_str":"5|     return amount - discount","new_str":"b"}}`,
      "line numbers, which are not part",
    ],
    [
      "text that is twice there",
      `{"file_to_patch":"shop/cart.py","update":{"old_str":"prices","new_str":"b"}}`,
      "occurs 4 times in shop/cart.py (lines 1, 3, 8, 9)",
    ],
    [
      "the same text",
      `{"file_to_patch":"shop/cart.py","update":{"old_str":"amount = 0","new_str":"amount = 0"}}`,
      "nothing would change",
    ],
    ["the same file", JSON.stringify({ file_to_patch: "shop/cart.py", new_content: cart }), "nothing would change"],
    [
      "a syntax error",
      `{"file_to_patch":"shop/cart.py","update":{"old_str":"amount = 0","new_str":"amount = ("}}`,
      "would not be well-formed python any more: line 2",
    ],
    [
      "an ellipsis",
      JSON.stringify({
        file_to_patch: "shop/cart.py",
        new_content: "def total(a, b):\n    return 1\n\n# ... rest unchanged ...\n",
      }),
      "code must be written out",
    ],
    [
      "a redacted line",
      `{"file_to_patch":"shop/cart.py","update":{"old_str":"amount = 0","new_str":"amount = '[redacted]'"}}`,
      "stands for text that was not shown",
    ],
    [
      "a whole file that lacks a function",
      JSON.stringify({ file_to_patch: "shop/cart.py", new_content: "def total(a, b):\n    return 1\n" }),
      "that lacks is_free",
    ],
    [
      "a diff elsewhere",
      JSON.stringify({ patch: diff.replaceAll("shop/cart.py", "tests/test_cart.py") }),
      "tests/test_cart.py is an oracle file",
    ],
    [
      "wrong context",
      JSON.stringify({ patch: diff.replace("amount += price", "amount += cost") }),
      "shop/cart.py: hunk 1 of 1: context not found",
    ],
    ["no diff", `{"file_to_patch":"shop/cart.py","patch":"change the last line"}`, "patch: "],
  ])("says what is wrong: %s", async (_, text, problem) => {
    expect(await problemOf(text)).toContain(problem);
  });

  test("is one that was checked before, however it is written", async () => {
    const changed = cart.replace("amount - discount", "amount * (1 - discount)");
    const tried: TriedCandidate = {
      candidate: {
        id: "a",
        edits: [{ kind: "rewrite", path: "shop/cart.py", content: changed }],
        provenance: { proposer: "model", method: "m", summary: "s" },
      },
      diff: "",
      verdict: {
        kind: "rejected",
        reasons: [{ code: "test-failed", detail: "d", subjects: [] }],
        evidence: [],
        level: "in-process",
      },
      failures: [],
    };
    const answer = await read(JSON.stringify({ patch: diff }), "diff", "complete", { ...project, earlier: [tried] });
    expect(answer).toMatchObject({ kind: "unusable", problem: expect.stringMatching(/^identical to .*rejected/) });
  });

  test("is no longer one when the file could not be read before and that is not the matter", async () => {
    const broken = await requests.of({ "a.py": "def f(:\n    pass\nx = 1\n" });
    const text = `{"file_to_patch":"a.py","update":{"old_str":"x = 1","new_str":"x = 2"}}`;
    expect(await read(text, "update", "complete", broken)).toMatchObject({ kind: "edit" });
    const asked = { ...broken, failures: [failureOf("syntax")] };
    expect(await read(text, "update", "complete", asked)).toMatchObject({ kind: "unusable" });
  });
});

describe("files with CR LF", () => {
  test("are edited by answers with bare line feeds", async () => {
    const text = JSON.stringify({
      file_to_patch: "shop/words.py",
      update: {
        old_str: "def greet(name):\n    return 'hello ' + name\n",
        new_str: "def greet(name):\n    return 'hi ' + name\n",
      },
    });
    expect(await read(text)).toMatchObject({ kind: "edit" });
  });

  test("are the same when only the line ends of the answer differ", async () => {
    const text = JSON.stringify({ file_to_patch: "shop/words.py", new_content: wording.replaceAll("\r\n", "\n") });
    expect(await problemOf(text)).toContain("nothing would change");
  });
});

describe("code in prose", () => {
  test("stands for the function of its name", async () => {
    const code = "def is_free(prices):\n    return not prices";
    const answer = await read(`The fix is simple:\n\n\`\`\`python\n${code}\n\`\`\`\n`);
    expect(answer).toEqual({
      kind: "edit",
      mode: "update",
      reasoning: "The fix is simple:",
      edits: [
        {
          kind: "update",
          path: "shop/cart.py",
          oldStr: "def is_free(prices):\n    return len(prices) == 0",
          newStr: code,
        },
      ],
    });
  });

  test("stands for the file that it names", async () => {
    const content = cart.replace("== 0", "< 1");
    expect(await read(`\`\`\`py\n# shop/cart.py\n${content}\`\`\`\n`, "rewrite")).toMatchObject({
      kind: "edit",
      mode: "rewrite",
    });
  });

  test("is a diff when it says so", async () => {
    expect(await read(`\`\`\`diff\n${diff}\`\`\`\n`)).toMatchObject({ kind: "edit", mode: "diff" });
  });

  test("is no file when it lacks what the file has", async () => {
    const one = await requests.of({ "shop/cart.py": cart });
    const answer = await read("Try this:\n```python\nprint(total([1], 0))\n```\n", "rewrite", "complete", one);
    expect(answer).toMatchObject({ kind: "unusable", problem: expect.stringContaining("lacks total, is_free") });
  });

  test("is refused when it could be of several files, or there are several blocks", async () => {
    expect(await problemOf("```python\nx = 1\n```\n")).toContain("no word on which file it belongs to");
    expect(await problemOf("```python\nx = 1\n```\nor\n```python\nx = 2\n```\n")).toContain("2 blocks of code");
  });
});
