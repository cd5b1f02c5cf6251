import { afterAll, describe, expect, test } from "vitest";
import { failureOf, ModelRequests } from "../../../test/fakes/model-requests.ts";
import { readHypothesis } from "./answers/read-hypothesis.ts";
import { composeHypothesis } from "./compose-hypothesis.ts";
import { describeTask } from "./question.ts";

const requests = new ModelRequests();
afterAll(() => requests[Symbol.asyncDispose]());
const request = await requests.ofFixture("heal/python-prices", {
  failing: { "tests/test_total.py::test_ten_pieces_have_ten_percent": "tests/test_total.py" },
  failures: [
    failureOf("assertion", { message: "assert 1000 == 900", frames: [{ file: "tests/test_total.py", line: 12 }] }),
  ],
});

describe("the description of a task", () => {
  test("has the failure, the code, and the files that may be changed", async () => {
    const text = await describeTask(request, 20_000);
    expect(text).toContain("assert 1000 == 900");
    expect(text).toContain("def percent_for(quantity):");
    expect(text).toContain("`prices/discount.py`");
  });

  test("is never longer than asked for", async () => {
    for (const charactersMax of [0, 100, 900, 1_500, 2_500, 5_000]) {
      expect((await describeTask(request, charactersMax)).length).toBeLessThanOrEqual(charactersMax);
    }
  });
});

describe("a hypothesis", () => {
  test("is asked for with the same context", async () => {
    const { prompt, messages, shown } = await composeHypothesis(request, {
      window: { contextTokensMax: 16_000, outputTokensMax: 1_000 },
    });
    expect(prompt).toBe("hypothesis@1");
    expect(shown).toContain("prices/discount.py");
    expect(messages.map(({ role }) => role)).toEqual(["system", "user"]);
    expect(messages[1]?.text).toContain("assert 1000 == 900");
  });

  test("is read with its place and what would refute it", () => {
    const yaml =
      "cause: |\n  One. Two. Three. Four.\nfile: prices/discount.py\nline: 9\nrefutation: If ten gave ten.\n";
    const hypothesis = {
      cause: "One. Two. Three.",
      place: { file: "prices/discount.py", line: 9 },
      refutation: "If ten gave ten.",
    };
    for (const text of [
      yaml,
      `So:\n\n\`\`\`yaml\n${yaml}\`\`\`\n`,
      JSON.stringify({ ...hypothesis, ...hypothesis.place }),
    ]) {
      expect(readHypothesis(text, "complete", request)).toEqual({ kind: "hypothesis", hypothesis });
    }
  });

  test("without a place in the project is none", () => {
    const text = JSON.stringify({ cause: "a", file: "nowhere.py", line: null, refutation: "b" });
    expect(readHypothesis(text, "complete", request)).toEqual({
      kind: "unusable",
      problem: "there is no file nowhere.py",
    });
    expect(readHypothesis("I do not know.", "complete", request)).toMatchObject({ kind: "unusable" });
    expect(readHypothesis("", "refused", request)).toMatchObject({ problem: "the model refused to answer" });
  });
});
