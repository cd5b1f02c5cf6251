import { describe, expect, test } from "vitest";
import { modelServer } from "../fakes/models/model-server.ts";
import type { Conversation, ScriptedModel } from "../fakes/models/reply.ts";
import { ask, asks, clients } from "../support/ask-model.ts";

type Json = Record<string, unknown>;

/** Answers, and remembers what it was shown. */
function attentive(seen: Conversation[]): ScriptedModel {
  return (conversation) => {
    seen.push(conversation);
    return { kind: "answer", text: "a few words" };
  };
}

async function post(url: string, body: Json): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
}

const needle = "The needle is at the start. ";
const long = needle + "hay ".repeat(8_000);

describe("Ollama", () => {
  test.each([false, true])(
    "drops what does not fit into 4,096 tokens, and nobody is told (streaming: %s)",
    async (stream) => {
      const seen: Conversation[] = [];
      await using server = await modelServer({ models: { qwen: attentive(seen) }, flavour: "ollama" });
      const asked = await ask({
        model: clients["openai-compatible"](server.url, "qwen"),
        stream,
        messages: asks(long),
      });
      expect(asked).toMatchObject({
        text: "a few words",
        finishReason: "stop",
        usage: { inputTokens: 4_096, outputTokens: 3 },
      });
      expect(seen[0]?.turns[0]?.text).not.toContain(needle);
      expect(seen[0]?.turns[0]?.text.endsWith("hay hay ")).toBe(true);
    },
  );

  test("gives the window that the model's maker or the request asks for", async () => {
    const seen: Conversation[] = [];
    const models = { small: attentive(seen), large: attentive(seen) };
    await using server = await modelServer({ models, flavour: "ollama", numCtx: { large: 16_384 } });
    await ask({ model: clients["openai-compatible"](server.url, "large"), stream: false, messages: asks(long) });
    expect(seen[0]?.turns[0]?.text).toBe(long);
    const options = { num_ctx: 12_000 };
    const body = { model: "small", stream: false, options, messages: [{ role: "user", content: long }] };
    const answer = (await (await post(`${server.url}/api/chat`, body)).json()) as Json;
    expect(answer).toMatchObject({ done: true, done_reason: "stop", prompt_eval_count: 8_007, eval_count: 3 });
    expect(seen[1]?.turns[0]?.text).toBe(long);
    const running = (await (await fetch(`${server.url}/api/ps`)).json()) as { models: Json[] };
    expect(running.models.map((one) => [one.name, one.context_length])).toEqual([
      ["small", 12_000],
      ["large", 16_384],
    ]);
  });

  test("streams lines of JSON unless told not to", async () => {
    await using server = await modelServer({ models: { qwen: attentive([]) }, flavour: "ollama" });
    const response = await post(`${server.url}/api/chat`, {
      model: "qwen",
      messages: [{ role: "user", content: "hello" }],
    });
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    const lines = (await response.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Json);
    expect(lines.map((line) => (line.message as Json).content).join("")).toBe("a few words");
    expect(lines.at(-1)).toMatchObject({ done: true, prompt_eval_count: 2 });
  });

  test("tells what a model could take, and what it is given only where its maker said so", async () => {
    const models = { plain: attentive([]), tuned: attentive([]) };
    const windows = { contextTokens: { plain: 32_768 }, numCtx: { tuned: 8_192 } };
    await using server = await modelServer({ models, flavour: "ollama", ...windows });
    const show = async (model: string): Promise<Json> =>
      (await (await post(`${server.url}/api/show`, { model })).json()) as Json;
    expect(await show("plain")).toMatchObject({ model_info: { "fake.context_length": 32_768 } });
    expect((await show("plain")).parameters).not.toContain("num_ctx");
    expect((await show("tuned")).parameters).toMatch(/^num_ctx +8192$/m);
    expect(await show("other")).toEqual({ error: "model 'other' not found" });
    const tags = (await (await fetch(`${server.url}/api/tags`)).json()) as { models: Json[] };
    expect(tags.models.map((one) => one.name)).toEqual(["plain", "tuned"]);
    expect(await (await fetch(`${server.url}/api/version`)).json()).toEqual({ version: expect.any(String) });
  });

  test("speaks of what is wrong in its own way", async () => {
    await using server = await modelServer({ models: { qwen: attentive([]) }, flavour: "ollama" });
    const wrong = await post(`${server.url}/api/chat`, {
      model: "other",
      messages: [{ role: "user", content: "hello" }],
    });
    expect([wrong.status, await wrong.json()]).toEqual([404, { error: expect.stringContaining("other") }]);
    const late = [
      { role: "user", content: "a" },
      { role: "system", content: "b" },
    ];
    expect((await post(`${server.url}/api/chat`, { model: "qwen", messages: late })).status).toBe(400);
    const options = { temperature: -1, num_predict: 0 };
    await post(`${server.url}/api/chat`, { model: "qwen", messages: [{ role: "user", content: "a" }], options });
    const rules = server.takeViolations().map((violation) => violation.rule);
    expect(rules).toEqual(["model-unknown", "system-placement", "temperature", "output-tokens"]);
  });
});

describe("hosted models", () => {
  test.each([
    ["openai-chat", /maximum context length is 1000 tokens/],
    ["openai-responses", /maximum context length is 1000 tokens/],
    ["anthropic", /prompt is too long: 8007 tokens > 1000 maximum/],
    ["google", /input token count \(8007\) exceeds the maximum number of tokens allowed \(1000\)/],
  ] as const)("refuse a prompt that does not fit: %s", async (protocol, message) => {
    await using server = await modelServer({ models: { m: attentive([]) }, contextTokens: { m: 1_000 } });
    const asked = await ask({ model: clients[protocol](server.url, "m"), stream: false, messages: asks(long) });
    expect(asked.error).toMatchObject({ statusCode: 400, message: expect.stringMatching(message) });
    expect(server.charged()).toMatchObject({ inputTokens: 0, outputTokens: 0 });
  });

  test("list their models, each provider in its form", async () => {
    await using server = await modelServer({ models: { m: attentive([]) }, contextTokens: { m: 1_000 } });
    const list = async (path: string, headers: Record<string, string>): Promise<unknown> =>
      (await fetch(`${server.url}${path}`, { headers })).json();
    const bearer = { authorization: "Bearer key" };
    expect(await list("/v1/models", bearer)).toMatchObject({ object: "list", data: [{ id: "m", object: "model" }] });
    const version = { "x-api-key": "key", "anthropic-version": "2023-06-01" };
    expect(await list("/v1/models", version)).toMatchObject({ has_more: false, data: [{ id: "m", type: "model" }] });
    expect(await list("/v1/models/m", bearer)).toMatchObject({ id: "m", object: "model" });
    expect(await list("/v1/models/m", version)).toMatchObject({ id: "m", type: "model" });
    expect(await list("/v1/models/n", version)).toMatchObject({ type: "error", error: { type: "not_found_error" } });
    expect(await list("/v1beta/models/m?key=key", {})).toMatchObject({ inputTokenLimit: 1_000 });
    const google = await list("/v1beta/models?key=key", {});
    expect(google).toMatchObject({ models: [{ name: "models/m", inputTokenLimit: 1_000 }] });
    expect(server.requests.map((request) => request.path)).toContain("/v1beta/models?key=[redacted]");
  });
});

describe("vLLM", () => {
  test("tells its windows in the list, and refuses what does not fit", async () => {
    await using server = await modelServer({
      models: { m: attentive([]) },
      contextTokens: { m: 4_000 },
      flavour: "vllm",
    });
    const listed = await (await fetch(`${server.url}/v1/models`)).json();
    expect(listed).toMatchObject({ data: [{ id: "m", max_model_len: 4_000 }] });
    const model = clients["openai-compatible"](server.url, "m");
    const { error } = await ask({ model, stream: true, messages: asks(long) });
    expect(error).toMatchObject({
      statusCode: 400,
      message: expect.stringContaining("maximum context length is 4000"),
    });
    expect(await ask({ model, stream: true, messages: asks("hello") })).toMatchObject({ text: "a few words" });
  });
});
