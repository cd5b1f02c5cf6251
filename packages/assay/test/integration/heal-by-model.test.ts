import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { attacksConfiguration, attacksTest, matchesTwice, wrongFile } from "../fakes/models/bad-answers.ts";
import { editAnswer } from "../fakes/models/edit-answers.ts";
import {
  cutAfter,
  emptyAnswer,
  floods,
  hangs,
  htmlPage,
  malformed,
  modelNotFound,
  quotaExhausted,
  rateLimited,
  refusal,
  serverError,
  truncated,
  unauthorized,
  uninvitedTool,
} from "../fakes/models/faults.ts";
import { modelServer } from "../fakes/models/model-server.ts";
import type { Reply, ScriptedModel } from "../fakes/models/reply.ts";
import { chatty } from "../fakes/models/scripts/chatty.ts";
import { good } from "../fakes/models/scripts/good.ts";
import { inTurn } from "../fakes/models/scripts/in-turn.ts";
import { lying } from "../fakes/models/scripts/lying.ts";
import { slow } from "../fakes/models/scripts/slow.ts";
import { stubborn } from "../fakes/models/scripts/stubborn.ts";
import { atDepth } from "../support/depth.ts";
import type { WireProtocol } from "../support/loopback-model.ts";
import { configureModels, envOfKey, testKey } from "../support/model-home.ts";
import { jsonLines, projectCopy, resultOf, runAssay } from "../support/run-assay.ts";

const right = {
  file: "prices/discount.py",
  reasoning: "The steps name the least quantity, so that the comparison has to include it.",
  oldStr: "if quantity > least:",
  newStr: "if quantity >= least:",
};

const protocols: WireProtocol[] = ["anthropic", "openai-chat", "openai-responses", "google", "ollama"];
test.each(atDepth(protocols, 4))(
  "a model that speaks %s heals a project, and everything it took is told",
  async (protocol) => {
    await using place = await projectCopy("python-prices");
    await using server = await modelServer({
      models: { "m-1": good(editAnswer(right)) },
      keys: [testKey],
      flavour: protocol === "ollama" ? "ollama" : "hosted",
    });
    await configureModels(place.home, server, [{ name: "helper", model: "m-1", protocol }]);
    const args = ["heal", place.project, "--json", "--proposer", "model:helper", "--max-cost", "0.5"];
    const ended = await runAssay(place.home, args, { env: envOfKey });
    const result = resultOf(ended);
    expect(result).toMatchObject({ outcome: "accepted", exitCode: 0, verdict: { level: "controlled" } });
    expect(result.patch?.provenance).toMatchObject({ proposer: "model", method: "loopback/m-1" });
    const charged = server.charged("m-1");
    const [call, ...more] = jsonLines(ended).filter((line) => line.type === "model-asked");
    expect(more).toEqual([]);
    expect(call).toMatchObject({
      model: "loopback/m-1",
      end: "complete",
      outcome: "edit: update",
      inputTokens: charged.inputTokens,
      outputTokens: charged.outputTokens,
      costMicroUsd: charged.inputTokens * 2 + charged.outputTokens * 10,
      estimated: false,
    });
    expect(`${ended.stdout}${ended.stderr}`).not.toContain(testKey);
  },
);

/** Heals with one model that plays a script; the price is that of the tests. */
async function healBy(script: ScriptedModel, idleSecondsMax = 120) {
  await using place = await projectCopy("python-prices");
  await using server = await modelServer({ models: { "m-1": script } });
  await configureModels(place.home, server, [
    { name: "helper", model: "m-1", protocol: "openai-chat", idleSecondsMax, outputTokensMax: 16_000 },
  ]);
  const args = ["heal", place.project, "--json", "--proposer", "model:helper"];
  const ended = await runAssay(place.home, args, { env: envOfKey });
  const lines = jsonLines(ended);
  const calls = lines.filter((line) => line.type === "model-asked");
  return { result: resultOf(ended), calls, lines, charged: server.charged("m-1") };
}

const wrong = { file: "prices/discount.py", oldStr: "(10, 10)", newStr: "(9, 10)" };

const players: [who: string, script: ScriptedModel, outcomes: (string | RegExp)[]][] = [
  ["a chatty model", chatty(editAnswer(right)), ["edit: update"]],
  ["a slow model", slow(good(editAnswer(right)), { characters: 40, delayMs: 20 }), ["edit: update"]],
  [
    "a model that needs to be told what its change did",
    inTurn([editAnswer(wrong), editAnswer(right)]),
    ["edit: update", "edit: update"],
  ],
  [
    "a model whose first edit matches twice, and whose second is of a file that is not there",
    inTurn([matchesTwice("prices/discount.py", "quantity", "amount"), wrongFile(), editAnswer(right)]),
    [/occurs 4 times in prices\/discount.py \(lines 1, 6, 9, 11\)/, /no-such-file/, "edit: update"],
  ],
];
test.each(atDepth(players, 3))("%s heals", async (_, script, outcomes) => {
  const { result, calls } = await healBy(script);
  expect(result).toMatchObject({ outcome: "accepted", exitCode: 0 });
  expect(calls.map(({ outcome }) => outcome)).toEqual(
    outcomes.map((outcome) => (typeof outcome === "string" ? outcome : expect.stringMatching(outcome))),
  );
});

test("at the limit of its budget a run pauses with the best that was tried, and goes on with more", async () => {
  await using place = await projectCopy("python-prices");
  await using server = await modelServer({ models: { "m-1": inTurn([editAnswer(wrong), editAnswer(right)]) } });
  // A call may have to be tried four times: after the first there is room for three.
  const model = { name: "helper", model: "m-1", protocol: "openai-chat", outputTokensMax: 8_000 } as const;
  await configureModels(place.home, server, [model]);
  const heal = ["heal", place.project, "--proposer", "model:helper", "--max-requests", "4", "--json"];
  const paused = await runAssay(place.home, heal, { env: envOfKey });
  expect(resultOf(paused)).toMatchObject({ outcome: "paused", exitCode: 5, fault: { code: "budget-exhausted" } });
  const [note] = jsonLines(paused).filter((line) => line.type === "note" && line.message.startsWith("the best so far"));
  expect(note).toMatchObject({ message: expect.stringContaining("1 of 3 tests turn green") });
  const kept = /kept in (\S+)$/.exec(note?.type === "note" ? note.message : "")?.[1] ?? "";
  expect(await readFile(kept, "utf8")).toContain("+STEPS = [(100, 20), (9, 10), (1, 0)]");
  expect(server.charged().requests).toBe(1);

  const more = ["resume", "last", "-C", place.project, "--max-requests", "4", "--json"];
  const resumed = await runAssay(place.home, more, { env: envOfKey });
  expect(resultOf(resumed)).toMatchObject({ outcome: "accepted", exitCode: 0 });
  expect(server.charged().requests).toBe(2);
});

test("a model that repeats itself is not asked for ever: the same change again ends it", async () => {
  const { result, calls } = await healBy(stubborn(wrong));
  expect(result).toMatchObject({ outcome: "not-found", exitCode: 1 });
  expect(calls.at(-1)?.outcome).toMatch(/^identical|does not occur/);
});

const claims: [what: string, script: ScriptedModel, outcome: RegExp][] = [
  ["claims without a change", lying(), /no answer in the form/],
  ["claims about a change that does something else", lying(wrong), /edit: update|identical|does not occur/],
  ["edits of the tests", good(attacksTest("tests/test_total.py")), /tests\/test_total.py/],
  ["edits of how the tests are run", good(attacksConfiguration("pyproject.toml")), /pyproject.toml/],
  ["edits of how the tests would be run", good(attacksConfiguration("pytest.ini")), /pytest.ini/],
];
test.each(atDepth(claims, 3))("%s are worth nothing", async (_, script, outcome) => {
  const { result, calls } = await healBy(script);
  expect(result).toMatchObject({ outcome: "not-found", exitCode: 1 });
  for (const call of calls) expect(call.outcome).toMatch(outcome);
});

const faults: [what: string, reply: Reply, code: string][] = [
  ["a key that is not accepted", unauthorized, "model-unauthorized"],
  ["a model that is not there", modelNotFound, "model-not-found"],
  ["a quota that is used up", quotaExhausted, "model-rejected"],
  ["a wait of an hour", rateLimited(3600), "model-rate-limited"],
  ["a server that fails", serverError, "model-failed"],
  ["silence", hangs, "model-unreachable"],
  ["an answer that breaks off", cutAfter(9, "half of an answer"), "model-failed"],
  ["broken JSON", malformed(), "model-failed"],
  ["a page of a portal", htmlPage, "model-failed"],
  ["ten megabytes", floods(), "model-failed"],
];
test.each(atDepth(faults, 5))("%s is told as what it is", async (_, reply, code) => {
  // Only who never answers is given up soon: on a slow machine others are silent for a while, too.
  const { result, calls } = await healBy(good(reply), reply.kind === "hang" ? 1 : undefined);
  expect(result).toMatchObject({ outcome: "failed", exitCode: code === "model-not-found" ? 2 : 4, fault: { code } });
  expect(result.fault?.message).toContain("loopback/m-1");
  expect(calls.at(-1)).toMatchObject({ end: "failed", fault: { code } });
});

const unusable: [what: string, reply: Reply, outcome: RegExp][] = [
  ["a refusal", refusal(), /refused/],
  ["nothing", emptyAnswer, /empty/],
  ["half of an answer", truncated("reasoning: it is"), /cut off/],
  ["a tool nobody gave it", uninvitedTool(), /no tools/],
];
test.each(atDepth(unusable, 4))(
  "a model that answers %s is asked again, and then no more",
  async (_, reply, outcome) => {
    const { result, calls } = await healBy(good(reply));
    expect(result).toMatchObject({ outcome: "not-found", exitCode: 1 });
    expect(calls.length).toBeGreaterThan(1);
    expect(calls.length).toBeLessThanOrEqual(6);
    for (const call of calls) expect(call.outcome).toMatch(outcome);
  },
);
