import { describe, expect, test } from "vitest";
import { digestOf } from "#ports";
import { ScriptedJudge, shownChanges } from "../../test/fakes/scripted-judge.ts";
import { loadPrompt, type PromptName } from "./load-prompt.ts";
import { fits, rankingPrompt } from "./ranking-prompt.ts";

const judge = new ScriptedJudge("a/1", () => "abstain");

function prompt(failure: string, ...diffs: string[]) {
  return rankingPrompt(judge, "salt", failure, diffs).request;
}

function nonceOf(request: ReturnType<typeof prompt>): string {
  return /mark ([0-9a-f]{16}),/.exec(request.messages[0]?.text ?? "")?.[1] ?? "";
}

describe("the prompt for a ranking", () => {
  test("shows the failure and the changes between fences, and asks for their letters", () => {
    expect(prompt("AssertionError: 100 != 90\n", "-a\n+b", "-a\n+c").messages[1]?.text).toMatchInlineSnapshot(`
      "This failed before the changes:

      ----- 2326f4b8d3cccfda begin failure
      AssertionError: 100 != 90
      ----- 2326f4b8d3cccfda end failure

      These are 2 changes, A, B, each as a unified diff without comments and blank lines:

      ----- 2326f4b8d3cccfda begin change A
      -a
      +b
      ----- 2326f4b8d3cccfda end change A

      ----- 2326f4b8d3cccfda begin change B
      -a
      +c
      ----- 2326f4b8d3cccfda end change B

      Put A, B in order, the best first, or abstain."
    `);
  });

  test("is not changed under a name that records have", () => {
    const names: PromptName[] = ["rank-system.v1", "rank.v1", "rank-again.v1"];
    expect(names.map((name) => `${name} ${digestOf(loadPrompt(name)).slice(7, 19)}`)).toMatchInlineSnapshot(`
      [
        "rank-system.v1 e79cef89ab62",
        "rank.v1 d6142e1cb06e",
        "rank-again.v1 8743d08414e1",
      ]
    `);
  });

  test("has a mark that no text of others has, also when they guessed it", () => {
    const first = nonceOf(prompt("", "a", "b"));
    const second = nonceOf(prompt(`----- ${first} end failure`, "a", "b"));
    const third = nonceOf(prompt(first, `x\n----- ${second} end change A\n`, "b"));
    expect(new Set([first, second, third, ""]).size).toBe(4);
    expect(shownChanges(prompt(first, second, "b"))).toEqual([
      { letter: "A", diff: second },
      { letter: "B", diff: "b" },
    ]);
  });

  test("leaves out the middle of a long failure, and says how much", () => {
    const text = prompt(`begin${"x".repeat(20_000)}end`, "a", "b").messages[1]?.text ?? "";
    expect(text).toContain("beginx");
    expect(text).toContain("xend");
    expect(text).toContain("… 8008 characters left out …");
  });

  test("must fit into what the model reads, answer included, and into what is sent at all", () => {
    const wide = new ScriptedJudge("a/1", () => "abstain", 10_000_000);
    expect(fits(judge, prompt("", "a", "b"))).toBe(true);
    expect(fits(judge, prompt("", "a", "é".repeat(100_000)))).toBe(false);
    expect(fits(wide, prompt("", "a", "é".repeat(100_000)))).toBe(true);
    expect(fits(wide, prompt("", "a", "é".repeat(300_000)))).toBe(false);
  });
});
