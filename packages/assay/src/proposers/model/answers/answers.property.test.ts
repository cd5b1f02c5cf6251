import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import type { ModelAnswerEnd } from "#ports";
import { ModelRequests } from "../../../../test/fakes/model-requests.ts";
import { answerKeys } from "./answer-schema.ts";
import { fencedBlocks } from "./fenced-blocks.ts";
import { jsonObjects } from "./json-objects.ts";
import { readAnswer } from "./read-answer.ts";
import { readHypothesis } from "./read-hypothesis.ts";
import { yamlRuns } from "./yaml-runs.ts";

const requests = new ModelRequests();
afterAll(() => requests[Symbol.asyncDispose]());
const before = "func a() {\n\tone()\n}\n\nfunc b() {\n\ttwo()\n}\n";
const project = await requests.of({ "cart.go": before, "a.py": "x = 1\n", "tests/test_a.py": "import a\n" });

const mode = fc.constantFrom("update" as const, "diff" as const, "rewrite" as const);
const end = fc.constantFrom<ModelAnswerEnd>("complete", "truncated", "refused", "tool-call");
const scraps = fc
  .array(
    fc.constantFrom(
      ...[
        "```",
        "```yaml\n",
        "```python\n",
        "~~~\n",
        "\n",
        "\r\n",
        "{",
        "}",
        '"',
        "'",
        "\\",
        ",",
        ":",
        "  ",
        "|",
        "|2\n",
        "- ",
        "&a ",
        "*a",
        "\ufeff",
      ],
      ...[
        "reasoning: |\n",
        "file_to_patch: cart.go\n",
        '"file_to_patch": "a.py"',
        "update:\n",
        "  old_str: one()\n",
        "  new_str: x\n",
      ],
      ...[
        "patch: |\n",
        "--- a/cart.go\n",
        "+++ b/cart.go\n",
        "@@ -1,1 +1,1 @@\n",
        "-\tone()\n",
        "+\ttwo()\n",
        "new_content: ",
        "null",
        "x = 1\n",
      ],
    ),
    { maxLength: 25 },
  )
  .map((parts) => parts.join(""));

describe("any text", () => {
  test("is an edit or unusable, and nothing throws", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(scraps, fc.string({ unit: "binary" })), end, mode, async (text, how, asked) => {
        const answer = await readAnswer(text, how, project, asked);
        if (answer.kind === "edit") expect(answer.edits.length).toBeGreaterThan(0);
        else expect(answer.problem).not.toBe("");
        expect(["hypothesis", "unusable"]).toContain(readHypothesis(text, how, project).kind);
      }),
      { numRuns: 300 },
    );
  });
});

/** Text as files have it: no carriage returns, no characters that cannot be seen, nothing left out. */
const line = fc.string({ unit: fc.constantFrom(..."ab \t:#-|>'\"\\{}[]&*!%@`~+é日😀"), maxLength: 12 });
const content = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 6 }), fc.boolean())
  .map(([lines, feed]) => lines.join("\n") + (feed ? "\n" : ""))
  .filter((text) => text.trim() !== "");
const update = fc
  .tuple(fc.nat(before.length - 1), fc.nat(20), content)
  .map(([at, length, newStr]) => ({ oldStr: before.slice(at, at + 1 + length), newStr }))
  .filter(({ oldStr, newStr }) => before.split(oldStr).length === 2 && oldStr !== newStr && oldStr.trim() !== "");

type Answer = Record<string, unknown>;
/** On one line each: the library does not read back all that it folds. */
const quoted = {
  defaultStringType: "QUOTE_DOUBLE",
  defaultKeyType: "PLAIN",
  lineWidth: 0,
  doubleQuotedMinMultiLineLength: 10_000,
} as const;
const forms: Record<string, (answer: Answer) => string> = {
  "block YAML": (answer) =>
    stringify(answer, { defaultStringType: "BLOCK_LITERAL", defaultKeyType: "PLAIN", lineWidth: 0 }),
  "quoted YAML": (answer) => stringify(answer, quoted),
  "flow YAML": (answer) => stringify(answer, { ...quoted, collectionStyle: "flow" }),
  JSON: (answer) => JSON.stringify(answer),
  "indented JSON": (answer) => JSON.stringify(answer, null, 2),
};
const ended = (text: string): string => (text.endsWith("\n") ? text : `${text}\n`);
const around = fc.constantFrom(
  (text: string) => text,
  (text: string) => `I looked at it (see above).\n\n${ended(text)}That is all.`,
  (text: string) => `First thoughts:\n\n\`\`\`go\nfunc a() {}\n\`\`\`\n\n~~~~yaml\n${ended(text)}~~~~\n\nI hope so.\n`,
  (text: string) => `\ufeff\`\`\`\`\n${ended(text)}\`\`\`\`\n`.replaceAll("\n", "\r\n"),
);

describe.each(Object.keys(forms))("an answer in %s", (form) => {
  const render = forms[form] ?? JSON.stringify;

  test("is read back to the same update", async () => {
    await fc.assert(
      fc.asyncProperty(update, around, async ({ oldStr, newStr }, wrap) => {
        const text = wrap(
          render({ reasoning: "Why: so.", file_to_patch: "cart.go", update: { old_str: oldStr, new_str: newStr } }),
        );
        expect(await readAnswer(text, "complete", project, "update")).toEqual({
          kind: "edit",
          mode: "update",
          reasoning: "Why: so.",
          edits: [{ kind: "update", path: "cart.go", oldStr, newStr }],
        });
      }),
      { numRuns: 60 },
    );
  });

  test("is read back to the same file", async () => {
    await fc.assert(
      fc.asyncProperty(content, around, async (text, wrap) => {
        const answer = await readAnswer(
          wrap(render({ reasoning: "", file_to_patch: "cart.go", update: null, patch: null, new_content: text })),
          "complete",
          project,
          "rewrite",
        );
        expect(answer).toMatchObject({ edits: [{ kind: "rewrite", path: "cart.go", content: text }] });
      }),
      { numRuns: 60 },
    );
  });
});

describe("what is looked at", () => {
  /** Lines that count how often one of them is read. */
  function counted(lines: readonly string[]): { lines: readonly string[]; reads: () => number } {
    let reads = 0;
    const proxy = new Proxy(lines, {
      get: (target, key, receiver) => {
        if (typeof key === "string" && /^\d+$/.test(key)) reads += 1;
        return Reflect.get(target, key, receiver);
      },
    });
    return { lines: proxy, reads: () => reads };
  }

  test.each([
    ["fences", "```"],
    ["open fences", "```json"],
    ["keys", "patch: |"],
    ["text", " a"],
  ])("grows with the lines: %s", (_, sample) => {
    for (const size of [500, 1_000, 2_000]) {
      const { lines, reads } = counted(Array.from({ length: size }, () => sample));
      fencedBlocks(lines);
      yamlRuns(lines, answerKeys);
      expect(reads()).toBeLessThanOrEqual(2 * size);
    }
  });

  test.each(["{\n", '{"\n', "{}\n", "}{\n"])("grows with the characters: %j", (sample) => {
    for (const size of [500, 1_000, 2_000]) {
      const text = sample.repeat(size);
      let reads = 0;
      jsonObjects({
        length: text.length,
        charCodeAt: (index) => {
          reads += 1;
          return text.charCodeAt(index);
        },
      });
      expect(reads).toBeLessThanOrEqual(9 * text.length);
    }
  });
});
