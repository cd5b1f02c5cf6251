import { describe, expect, test } from "vitest";
import { failureOf } from "../../../../test/fakes/model-requests.ts";
import { chooseMode } from "./choose-mode.ts";

const failure = (suggestedMethod: "update" | "diff" | "rewrite", environment = false) => ({
  ...failureOf("name"),
  suggestedMethod,
  environment,
});

describe("the mode asked for", () => {
  test("is what the one failure suggests", () => {
    for (const mode of ["update", "diff", "rewrite"] as const) expect(chooseMode([failure(mode)])).toBe(mode);
  });

  test("is as wide as the widest, and two places are no update", () => {
    expect(chooseMode([failure("update"), failure("update")])).toBe("diff");
    expect(chooseMode([failure("update"), failure("rewrite"), failure("diff")])).toBe("rewrite");
  });

  test("leaves failures of the environment aside", () => {
    expect(chooseMode([failure("rewrite", true), failure("update")])).toBe("update");
    expect(chooseMode([failure("update", true)])).toBe("rewrite");
  });

  test("is a rewrite for what is written from a description, the first time", () => {
    expect(chooseMode([failure("update")], { brief: "Write it." })).toBe("rewrite");
    expect(chooseMode([failure("update")], { brief: "Write it.", earlier: [{} as never] })).toBe("update");
  });
});
