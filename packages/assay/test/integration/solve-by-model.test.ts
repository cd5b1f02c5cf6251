import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { modelServer } from "../fakes/models/model-server.ts";
import { inTurn } from "../fakes/models/scripts/in-turn.ts";
import { atDepth } from "../support/depth.ts";
import type { WireProtocol } from "../support/loopback-model.ts";
import { configureModels, envOfKey, testKey } from "../support/model-home.ts";
import { jsonLines, resultOf, runAssay } from "../support/run-assay.ts";
import { scratch } from "../support/scratch.ts";

const lines = "gcd(12, 18) -> 6\ngcd(7, 5) -> 1\ngcd(0, 4) -> 4\n";
const unseen = "from solution import gcd\n\n\ndef test_unseen():\n    assert gcd(4711, 9422) == 4711\n";
const wrong = "def gcd(a, b):\n    return min(a, b)\n";
const right = "def gcd(a, b):\n    while b:\n        a, b = b, a % b\n    return a\n";

/** What a plain model says: prose and a block of code. */
const prose = (code: string) => `Sure, here it is:\n\n\`\`\`python\n${code}\`\`\`\nIt passes all tests.\n`;

const protocols: WireProtocol[] = ["anthropic", "openai-chat", "openai-responses", "google", "ollama"];
test.each(atDepth(protocols, 4))(
  "a model that speaks %s writes a function, and mends it by what it did",
  async (protocol) => {
    await using place = await scratch();
    await using server = await modelServer({
      models: { "m-1": inTurn([prose(wrong), prose(right)]) },
      keys: [testKey],
      flavour: protocol === "ollama" ? "ollama" : "hosted",
    });
    await configureModels(place.path, server, [{ name: "helper", model: "m-1", protocol }]);
    const root = await place.tree("work", { "cases.txt": lines, "test_unseen.py": unseen });
    const [out, cases, hidden] = ["gcd.py", "cases.txt", "test_unseen.py"].map((name) => join(root, name));
    const tests = ["--tests", cases ?? "", "--hidden", hidden ?? "", "--out", out ?? ""];
    const args = ["solve", "the greatest common divisor", ...tests, "--proposer", "model:helper", "-C", root, "--json"];
    const ended = await runAssay(place.path, args, { env: envOfKey });
    const result = resultOf(ended);
    expect(result).toMatchObject({
      outcome: "accepted",
      exitCode: 0,
      visibleTests: { passed: 3, total: 3 },
      hiddenTests: { passed: 1, total: 1 },
      verdict: { level: "controlled" },
    });
    expect(await readFile(out ?? "", "utf8")).toBe(right);
    const calls = jsonLines(ended).filter((line) => line.type === "model-asked");
    const charged = server.charged("m-1");
    const sum = (pick: (call: (typeof calls)[number]) => number) => calls.reduce((all, call) => all + pick(call), 0);
    expect(calls.map(({ outcome, prompt }) => [prompt, outcome])).toEqual([
      ["write@1", "edit: rewrite"],
      ["repair@1", "edit: rewrite"],
    ]);
    expect(sum(({ inputTokens }) => inputTokens)).toBe(charged.inputTokens);
    expect(sum(({ costMicroUsd }) => costMicroUsd)).toBe(charged.inputTokens * 2 + charged.outputTokens * 10);
    // What was hidden is in no prompt.
    expect(JSON.stringify(server.requests.map(({ body }) => body))).not.toMatch(/4711|test_unseen/);

    const verified = await runAssay(place.path, ["verify", result.receipt ?? "", "--rerun", "--json"]);
    expect(resultOf(verified)).toMatchObject({ exitCode: 0 });
  },
);

test("a model without a key, or that nobody knows, is told before anything runs", async () => {
  await using place = await scratch();
  const root = await place.tree("work", {});
  const cases = join(root, "cases.txt");
  await writeFile(cases, lines);
  const asked = async (model: string) => {
    const args = ["solve", "gcd", "--tests", cases, "--proposer", model, "-C", root, "--json"];
    return resultOf(await runAssay(place.path, args, { env: { ASSAY_KEYRING: "off" } }));
  };
  expect(await asked("model:anthropic/claude-sonnet-5")).toMatchObject({
    exitCode: 2,
    fault: { code: "usage", message: "there is no key for anthropic" },
  });
  expect(await asked("model:nobody/nothing")).toMatchObject({ exitCode: 2, fault: { code: "usage" } });
  expect(await asked("oracle")).toMatchObject({ exitCode: 2, fault: { message: "there is no proposer oracle" } });
});
