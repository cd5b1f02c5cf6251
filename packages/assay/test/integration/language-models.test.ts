import { describe, expect, test } from "vitest";
import type { ModelAnswer, ModelRequest } from "#ports";
import { Models, ProviderBreakers, probeModel, resolveModel } from "#proposers";
import {
  cutAfter,
  emptyAnswer,
  floods,
  hangs,
  hangsAfterHeaders,
  htmlPage,
  malformed,
  modelNotFound,
  overloaded,
  quotaExhausted,
  rateLimited,
  refusal,
  serverError,
  truncated,
  unauthorized,
  uninvitedTool,
} from "../fakes/models/faults.ts";
import { type ModelServer, modelServer } from "../fakes/models/model-server.ts";
import type { Reply } from "../fakes/models/reply.ts";
import { good } from "../fakes/models/scripts/good.ts";
import { inTurn } from "../fakes/models/scripts/in-turn.ts";
import { slow } from "../fakes/models/scripts/slow.ts";
import { loopbackModel, settingsFor, type WireProtocol } from "../support/loopback-model.ts";

const protocols: WireProtocol[] = ["anthropic", "openai-chat", "openai-responses", "google", "ollama"];
const asked: ModelRequest = {
  messages: [
    { role: "system", text: "Be brief." },
    { role: "user", text: "How many?" },
  ],
  outputTokensMax: 100,
};
const flavour = (protocol: WireProtocol) => (protocol === "ollama" ? "ollama" : "hosted");
/** Only of what never answers: on a slow machine others are silent for a while, too. */
const impatient = { idleSecondsMax: 0.3 };

describe.each(protocols)("a model that speaks %s", (protocol) => {
  test("is probed: whether it answers, keeps to JSON, calls a tool", async () => {
    const replies = ["ready", '{"ready": true}', uninvitedTool("ready", {})];
    await using server = await modelServer({ models: { "m-1": inTurn(replies) }, flavour: flavour(protocol) });
    const resolved = resolveModel(settingsFor(server, protocol, "m-1"));
    const probe = await probeModel(loopbackModel(server, protocol, "m-1"), resolved, "test-key");
    expect(probe).toMatchObject({ reachable: true, structured: true, tools: true, warnings: [] });
  });

  test("answers, and what it charged is told to the token", async () => {
    await using server = await modelServer({
      models: { "m-1": good("four and twenty") },
      keys: ["test-key"],
      flavour: flavour(protocol),
    });
    const model = loopbackModel(server, protocol, "m-1");
    const seen: number[] = [];
    const answer = await model.ask({ ...asked, onProgress: (received) => seen.push(received) });
    const charged = server.charged("m-1");
    expect(answer).toMatchObject({ kind: "answered", text: "four and twenty", end: "complete", requests: 1 });
    expect(answer.usage).toEqual({
      inputTokens: charged.inputTokens,
      outputTokens: charged.outputTokens,
      cachedInputTokens: 0,
      costMicroUsd: charged.inputTokens * 2 + charged.outputTokens * 10,
      estimated: false,
    });
    expect(seen.at(-1)).toBe("four and twenty".length);
    expect(model.worstCase(asked).costMicroUsd).toBeGreaterThan(answer.usage.costMicroUsd);
  });

  const faults: [what: string, reply: Reply, seen: object][] = [
    [
      "a key that is not accepted",
      unauthorized,
      { kind: "failed", fault: { code: "model-unauthorized" }, requests: 1 },
    ],
    ["a model that is not there", modelNotFound, { kind: "failed", fault: { code: "model-not-found" }, requests: 1 }],
    ["a quota that is used up", quotaExhausted, { kind: "failed", fault: { code: "model-rejected" }, requests: 1 }],
    [
      "a longer wait than is worth it",
      rateLimited(600),
      { kind: "failed", fault: { code: "model-rate-limited" }, requests: 1 },
    ],
    ["silence before the answer", hangs, { kind: "failed", fault: { code: "model-unreachable" }, requests: 1 }],
    [
      "silence after the headers",
      hangsAfterHeaders,
      { kind: "failed", fault: { code: "model-unreachable" }, requests: 1 },
    ],
    ["an answer cut off", cutAfter(9, "half of an answer"), { kind: "failed", requests: 1 }],
    ["broken JSON", malformed(), { kind: "failed", requests: 1 }],
    ["a page instead of an answer", htmlPage, { kind: "failed", requests: 1 }],
    ["a refusal", refusal(), { kind: "answered", end: "refused" }],
    ["an answer at its limit", truncated("and so on"), { kind: "answered", text: "and so on", end: "truncated" }],
    ["an empty answer", emptyAnswer, { kind: "answered", text: "", end: "complete" }],
    ["a tool nobody gave it", uninvitedTool(), { kind: "answered", end: "tool-call" }],
  ];
  // A server on one's own machine has no form for a quota or a refusal.
  const hostedOnly = ["a quota that is used up", "a refusal"];
  const known = faults.filter(([what]) => protocol !== "ollama" || !hostedOnly.includes(what));
  test.each(known)("tells %s", async (_, reply, expected) => {
    await using server = await modelServer({ models: { "m-1": good(reply) }, flavour: flavour(protocol) });
    const isSilent = reply.kind === "hang";
    const answer = await loopbackModel(server, protocol, "m-1", isSilent ? impatient : {}).ask(asked);
    expect(answer).toMatchObject(expected);
    if (answer.kind === "failed") expect(answer.fault.message).toContain("loopback/m-1");
    expectCharged(answer, server.charged("m-1"));
  });

  test("is asked again when it failed before it worked, and not before it says", async () => {
    const replies = [serverError, rateLimited(0), overloaded, "at last"];
    await using server = await modelServer({ models: { "m-1": inTurn(replies) }, flavour: flavour(protocol) });
    const answer = await loopbackModel(server, protocol, "m-1").ask(asked);
    expect(answer).toMatchObject({ kind: "answered", text: "at last", requests: 4 });
  });

  test("is left in the middle of its answer when the run is stopped: the connection is closed", async () => {
    const dribbling = slow(good("a ".repeat(500)), { characters: 2, delayMs: 20 });
    await using server = await modelServer({ models: { "m-1": dribbling }, flavour: flavour(protocol) });
    const stop = new AbortController();
    const asking = loopbackModel(server, protocol, "m-1").ask({
      ...asked,
      signal: stop.signal,
      onProgress: (received) => {
        if (received > 4) stop.abort();
      },
    });
    await expect(asking).rejects.toMatchObject({ fault: { code: "interrupted" } });
    expect(await server.requests[0]?.ended).toBe("closed-by-client");
  });
});

test("an answer of ten megabytes is not read to its end", async () => {
  await using server = await modelServer({
    models: { "m-1": good(floods()) },
    contextTokens: { "m-1": 20_000_000 },
  });
  const answer = await loopbackModel(server, "openai-chat", "m-1").ask({
    ...asked,
    outputTokensMax: 10_000_000,
  });
  expect(answer).toMatchObject({ kind: "failed", fault: { code: "model-failed" } });
  expect(await server.requests[0]?.ended).toBe("closed-by-client");
});

/** Never less than the provider charged. */
function expectCharged({ usage }: ModelAnswer, charged: { inputTokens: number; outputTokens: number }): void {
  expect(usage.inputTokens).toBeGreaterThanOrEqual(charged.inputTokens);
  expect(usage.outputTokens).toBeGreaterThanOrEqual(charged.outputTokens);
}

test.each([
  [
    "a gateway that repeats the key",
    { kind: "status", status: 401, message: "no such key: test-key-of-mine" } as const,
  ],
  ["one that repeats a header", { kind: "status", status: 500, message: "sent Authorization: Bearer abcdef" } as const],
])("%s does not bring it into what is told", async (_, reply) => {
  await using server = await modelServer({ models: { "m-1": good(reply) } });
  const settings = settingsFor(server, "openai-chat", "m-1");
  const model = new Models(new ProviderBreakers()).open(resolveModel(settings), "test-key-of-mine");
  const answer = await model.ask({ ...asked, wallMsMax: 1000 });
  expect(answer.kind).toBe("failed");
  expect(JSON.stringify(answer)).not.toMatch(/test-key-of-mine|abcdef/);
});

test("a redirect takes neither key nor prompt elsewhere", async () => {
  await using elsewhere = await modelServer({ models: { "m-1": good("caught") } });
  const headers = { location: `${elsewhere.url}/v1/messages` };
  await using server = await modelServer({ models: { "m-1": good({ kind: "status", status: 307, headers }) } });
  const answer = await loopbackModel(server, "anthropic", "m-1").ask({ ...asked, wallMsMax: 1000 });
  expect(answer.kind).toBe("failed");
  expect(elsewhere.requests).toEqual([]);
});

test("Ollama behind its OpenAI-compatible API is told, and what a server says of its window is compared", async () => {
  const probe = async (server: ModelServer, more: object = {}) => {
    const settings = settingsFor(server, "openai-chat", "m-1", more);
    return probeModel(loopbackModel(server, "openai-chat", "m-1", more), resolveModel(settings), "test-key");
  };
  await using ollama = await modelServer({ models: { "m-1": good("ready") }, flavour: "ollama" });
  expect((await probe(ollama)).warnings.join()).toContain('protocol = "ollama"');
  const served = { models: { "m-1": good("ready") }, contextTokens: { "m-1": 8192 } };
  await using vllm = await modelServer({ ...served, flavour: "vllm" });
  const { contextTokens, warnings } = await probe(vllm, { contextTokensMax: 32_768 });
  expect([contextTokens, warnings.join()]).toEqual([8192, expect.stringContaining("8192 tokens and 32768")]);
});
