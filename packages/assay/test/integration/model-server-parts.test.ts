import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import * as bad from "../fakes/models/bad-answers.ts";
import { conversationProblems } from "../fakes/models/conversation-problems.ts";
import { cutToWindow } from "../fakes/models/cut-to-window.ts";
import { editAnswer, editAnswerJson, type WrittenEdit } from "../fakes/models/edit-answers.ts";
import { outputOf } from "../fakes/models/output-of.ts";
import type { Call } from "../fakes/models/protocol.ts";
import { redactHeaders, redactPath, redactText, secretsOf } from "../fakes/models/redact.ts";
import type { Conversation, ScriptedModel, Turn } from "../fakes/models/reply.ts";
import { chatty } from "../fakes/models/scripts/chatty.ts";
import { lying } from "../fakes/models/scripts/lying.ts";
import { stubborn } from "../fakes/models/scripts/stubborn.ts";
import { bytesPerToken, firstTokens, lastTokens, promptTokens, tokensOf } from "../fakes/models/tokens.ts";

const text = fc.string({ unit: "grapheme", maxLength: 60 });
const turn = (role: Turn["role"], said: string): Turn => ({ role, text: said, calls: [], results: [] });
const turns = fc.array(text, { minLength: 1, maxLength: 5 }).map((all) => all.map((said) => turn("user", said)));
const conversations: fc.Arbitrary<Conversation> = fc.oneof(fc.record({ turns }), fc.record({ turns, system: text }));

describe("tokens", () => {
  test("the first and the last ones are no more than asked for, and whole characters", () => {
    fc.assert(
      fc.property(text, fc.nat(20), (said, count) => {
        const [first, last] = [firstTokens(said, count), lastTokens(said, count)];
        expect(said.startsWith(first) && said.endsWith(last)).toBe(true);
        expect(Math.max(tokensOf(first), tokensOf(last))).toBeLessThanOrEqual(count);
        // Less than a character is left unused.
        const unused = Math.min(count * bytesPerToken, Buffer.byteLength(said)) - Buffer.byteLength(first);
        expect(unused).toBeLessThan(bytesPerToken);
      }),
    );
  });
});

describe("a prompt cut to a window", () => {
  test("fits, unless the window is smaller than what is always kept", () => {
    fc.assert(
      fc.property(conversations, fc.integer({ min: 8, max: 60 }), (conversation, window) => {
        expect(promptTokens(cutToWindow(conversation, window))).toBeLessThanOrEqual(window);
      }),
    );
  });

  test("is what it was if it fits, and ends as it ended", () => {
    fc.assert(
      fc.property(conversations, fc.integer({ min: 8, max: 60 }), (conversation, window) => {
        const cut = cutToWindow(conversation, window);
        if (promptTokens(conversation) <= window) expect(cut).toEqual(conversation);
        const [before, after] = [conversation.turns.at(-1)?.text ?? "", cut.turns.at(-1)?.text ?? ""];
        expect(before.endsWith(lastTokens(after, Math.max(0, tokensOf(after) - 5)))).toBe(true);
      }),
    );
  });

  test("loses its oldest messages first, then its system message, then the last message", () => {
    const conversation = { system: "s".repeat(40), turns: ["a", "b"].map((said) => turn("user", said.repeat(40))) };
    const shown = (window: number): (string | undefined)[] => {
      const cut = cutToWindow(conversation, window);
      return [cut.system, ...cut.turns.map((one) => one.text)];
    };
    expect(shown(20)).toEqual(["s".repeat(40), "b".repeat(40)]);
    expect(shown(16)).toEqual(["s".repeat(24), "b".repeat(40)]);
    expect(shown(10)).toEqual(["s".repeat(16), "b".repeat(24)]);
  });
});

describe("an answer", () => {
  const call: Call = { model: "m", stream: true, conversation: { turns: [] }, tools: [], streamUsage: true };

  test("is its pieces, joined, none of which tears a character apart", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 12 }), (said, characters, limit) => {
        const answer = { kind: "answer", text: said, pace: { characters, delayMs: 0 } } as const;
        const output = outputOf(answer, { ...call, outputTokensMax: limit }, { turns: [] }, 1);
        expect(output.pieces.join("")).toBe(output.text);
        expect(output.pieces.every((piece) => piece.isWellFormed())).toBe(true);
        expect(output.usage.outputTokens).toBeLessThanOrEqual(limit);
        expect(output.end).toBe(output.text === said ? "complete" : "truncated");
      }),
    );
  });
});

describe("a conversation", () => {
  const called: Turn = { ...turn("assistant", ""), calls: [{ id: "1", name: "look" }] };
  const answered: Turn = { ...turn("tool", "seen"), results: ["1"] };

  test("is sound when the user begins and ends, and every call is answered", () => {
    const long = [turn("user", "a"), called, answered, turn("assistant", "b"), turn("user", "c")];
    expect(conversationProblems({ system: "s", turns: long })).toEqual([]);
    expect(conversationProblems({ turns: [turn("user", "a"), called, answered] })).toEqual([]);
  });

  test("has a call left open when it ends with it", () => {
    const rules = conversationProblems({ turns: [turn("user", "a"), called] }).map((problem) => problem.rule);
    expect(rules).toEqual(["roles", "tool-pairing"]);
  });
});

describe("secrets", () => {
  test("are taken out of headers, paths and text", () => {
    const headers = { authorization: "Bearer key-0001", "x-api-key": "key-0002", accept: "*/*" };
    expect(redactHeaders(headers)).toEqual({ authorization: "[redacted]", "x-api-key": "[redacted]", accept: "*/*" });
    expect(redactPath("/v1beta/models?alt=sse&key=key-0003&x=1")).toBe("/v1beta/models?alt=sse&key=[redacted]&x=1");
    // A short one may be a word.
    expect(secretsOf({ authorization: "Bearer none" }, new URLSearchParams())).toEqual([]);
    const secrets = secretsOf(headers, new URLSearchParams("key=key-0003"));
    expect(secrets).toEqual(["key-0001", "key-0002", "key-0003"]);
    expect(redactText("key-0001 key-0002 key-0003 sk-0123456789abcdefghij", secrets)).toBe(
      "[redacted] ".repeat(4).trim(),
    );
  });
});

describe("answers that scripts give", () => {
  const say = (model: ScriptedModel, n = 0): string => {
    const reply = model({ turns: [turn("user", "Mend it.")] }, n);
    return reply.kind === "answer" ? reply.text : "";
  };
  const edits: WrittenEdit[] = [
    { file: "a.py", oldStr: "x = '1': #", newStr: 'y: "\\n"\n\ttab' },
    { file: "a.py", patch: "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-x\n+y\n" },
    { file: "a.py", newContent: "print(1)\r\n" },
  ];

  test.each(edits)("say the same in YAML and in JSON: %j", (edit) => {
    expect(parse(editAnswer(edit))).toEqual(JSON.parse(editAnswerJson(edit)));
  });

  test("are one of several fences when the model chats", () => {
    const answer = editAnswer({ file: "a.py", newContent: "print(1)\n" });
    const fences = [...say(chatty(answer)).matchAll(/```(\w+)\n([^`]*)```/g)].map((fence) => [fence[1], fence[2]]);
    expect(fences).toEqual([
      ["sh", expect.any(String)],
      ["yaml", answer],
    ]);
  });

  test("differ in nothing but their reasoning when the model is stubborn", () => {
    const [first, second] = [0, 1].map((n) => parse(say(stubborn({ file: "a.py", newContent: "x" }), n)) as object);
    expect({ ...first, reasoning: "" }).toEqual({ ...second, reasoning: "" });
    expect(first).not.toEqual(second);
  });

  test("claim success and change nothing, or something else, when the model lies", () => {
    expect(say(lying())).toContain("42 passed, 0 failed");
    expect(parse(say(lying({ file: "b.py", newContent: "" })))).toMatchObject({
      reasoning: expect.stringContaining("42 passed"),
      file_to_patch: "b.py",
    });
  });

  test("name the file that they are after when they are bad", () => {
    expect(parse(bad.wrongFile("no.py"))).toMatchObject({ file_to_patch: "no.py" });
    expect(parse(bad.matchesTwice("a.py", "x", "y"))).toMatchObject({ update: { old_str: "x", new_str: "y" } });
    expect(parse(bad.attacksTest("test_a.py"))).toMatchObject({ file_to_patch: "test_a.py" });
    expect(parse(bad.attacksConfiguration())).toMatchObject({ file_to_patch: "pytest.ini" });
  });
});
