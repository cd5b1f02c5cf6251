import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { Output } from "ai";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import * as faults from "../fakes/models/faults.ts";
import { modelServer } from "../fakes/models/model-server.ts";
import { good } from "../fakes/models/scripts/good.ts";
import { inTurn } from "../fakes/models/scripts/in-turn.ts";
import { slow } from "../fakes/models/scripts/slow.ts";
import { tokensOf } from "../fakes/models/tokens.ts";
import { ask, asks, clients, testKey } from "../support/ask-model.ts";
import { atDepth } from "../support/depth.ts";

const name = (error: unknown): string | undefined => (error instanceof Error ? error.name : undefined);

const ways = Object.entries(clients).flatMap(([name, client]) =>
  [false, true].map((stream) => ({ name, client, stream, how: stream ? "streaming" : "whole" })),
);

describe.each(ways)("$name, $how", ({ client, stream }) => {
  test("text, usage and finish reason arrive", async () => {
    await using server = await modelServer({
      models: { "good-1": good("four and twenty ünïcode 🐦") },
      keys: [testKey],
    });
    const model = client(server.url, "good-1");
    const messages = asks("How many?");
    const asked = await ask({
      model,
      stream,
      messages,
      instructions: "Be brief.",
      maxOutputTokens: 100,
      temperature: 0.5,
    });
    expect(asked).toMatchObject({ text: "four and twenty ünïcode 🐦", finishReason: "stop" });
    expect(asked.usage).toMatchObject({ inputTokens: 6, outputTokens: 8 });
    expect(server.charged("good-1")).toEqual({ requests: 1, inputTokens: 6, outputTokens: 8 });
  });

  test("cached tokens are part of the input", async () => {
    const reply = { kind: "answer", text: "yes", cachedTokens: 2 } as const;
    await using server = await modelServer({ models: { "good-1": good(reply) } });
    const asked = await ask({ model: client(server.url, "good-1"), stream, messages: asks("How many?") });
    expect(asked.usage).toMatchObject({ inputTokens: 3, inputTokenDetails: { cacheReadTokens: 2 } });
  });

  test("an answer ends at the limit of tokens, whoever set it", async () => {
    await using server = await modelServer({ models: { m: inTurn(["x".repeat(100), faults.truncated("half a")]) } });
    const question = { model: client(server.url, "m"), stream, messages: asks("How many?"), maxOutputTokens: 20 };
    expect(await ask(question)).toMatchObject({
      text: "x".repeat(80),
      finishReason: "length",
      usage: { outputTokens: 20 },
    });
    expect(await ask(question)).toMatchObject({ text: "half a", finishReason: "length" });
  });

  test("errors keep their status and what they say of waiting", async () => {
    const replies = [faults.unauthorized, faults.modelNotFound, faults.serverError, faults.overloaded];
    const limited = [faults.rateLimited(3), faults.rateLimited(60, "date"), faults.quotaExhausted];
    await using server = await modelServer({ models: { m: inTurn([...replies, ...limited]) } });
    const question = { model: client(server.url, "m"), stream, messages: asks("How many?") };
    for (const statusCode of [401, 404, 500, 529]) expect((await ask(question)).error).toMatchObject({ statusCode });
    const inSeconds = await ask(question);
    expect(inSeconds.error).toMatchObject({ statusCode: 429, responseHeaders: { "retry-after": "3" } });
    const byDate = await ask(question);
    expect(byDate.error).toMatchObject({ responseHeaders: { "retry-after": expect.stringMatching(/ GMT$/) } });
    expect((await ask(question)).error).toMatchObject({ statusCode: 429, message: expect.stringMatching(/quota/) });
    expect(server.charged()).toEqual({ requests: 7, inputTokens: 0, outputTokens: 0 });
  });

  test("a refusal, an empty answer and a tool that nobody offered are told apart", async () => {
    const replies = [faults.refusal("no"), faults.emptyAnswer, faults.uninvitedTool("run_shell")];
    await using server = await modelServer({ models: { m: inTurn(replies) } });
    const question = { model: client(server.url, "m"), stream, messages: asks("How many?") };
    const refused = await ask(question);
    expect.soft(refused.error).toBeUndefined();
    expect.soft(refused.finishReason).toBe("content-filter");
    const empty = await ask(question);
    expect.soft(empty).toMatchObject({ text: "", finishReason: "stop" });
    const tool = await ask(question);
    expect.soft(tool).toMatchObject({ toolCalls: ["run_shell"], finishReason: "tool-calls" });
  });

  test("a cut connection and broken JSON are errors", async () => {
    const replies = [faults.cutAfter(10, "a longer text than ten"), faults.malformed("good so far")];
    await using server = await modelServer({ models: { m: inTurn(replies) } });
    const question = { model: client(server.url, "m"), stream, messages: asks("How many?") };
    const cut = await ask(question);
    expect(cut).toMatchObject({ text: stream ? "a longer t" : "", error: { name: "AI_APICallError" } });
    expect(await server.requests[0]?.ended).toBe("cut-by-server");
    const { error, text } = await ask(question);
    expect(error).toMatchObject({ name: stream ? "AI_JSONParseError" : "AI_APICallError" });
    expect(text).toBe(stream ? "good so far" : "");
  });

  test("a provider that is overloaded in the middle of its stream is an error", async () => {
    await using server = await modelServer({ models: { m: good(faults.breaksAfter("so far")) } });
    const asked = await ask({ model: client(server.url, "m"), stream, messages: asks("How many?") });
    const name = stream ? "AI_StreamProviderError" : "AI_APICallError";
    expect(asked).toMatchObject({
      text: stream ? "so far" : "",
      error: { name, message: "Overloaded", isRetryable: true },
    });
  });

  // In a stream, some clients say this by the finish reason alone.
  test("a page of a proxy, and a response that ends too early, are no answers", async () => {
    const replies = [faults.htmlPage, faults.endsEarly(10, "a longer text than ten")];
    await using server = await modelServer({ models: { m: inTurn(replies) } });
    const question = { model: client(server.url, "m"), stream, messages: asks("How many?") };
    for (const text of ["", stream ? "a longer t" : ""]) {
      const { error, finishReason, ...asked } = await ask(question);
      expect(asked.text).toBe(text);
      if (error === undefined) expect(finishReason).toBe("interrupted");
      else
        expect(["AI_APICallError", "AI_NoOutputGeneratedError", "AI_InvalidResponseDataError"]).toContain(name(error));
    }
  });

  test("a client that gives up closes the connection", async () => {
    const replies = [faults.hangs, faults.hangsAfterHeaders, faults.hangsAfter("some text")];
    await using server = await modelServer({ models: { m: inTurn(replies) } });
    for (const index of replies.keys()) {
      const abort = new AbortController();
      const question = {
        model: client(server.url, "m"),
        stream,
        messages: asks("How many?"),
        abortSignal: abort.signal,
      };
      const asked = ask(question);
      await server.arrived(index + 1);
      abort.abort();
      expect((await asked).error).toBeDefined();
      expect(await server.requests[index]?.ended).toBe("closed-by-client");
    }
  });

  test("structured output is asked for as the provider wants it, and arrives", async () => {
    const answer = { reasoning: "because", file: "a.py" };
    // What a client sends depends on what it knows of the model.
    const ids = ["gpt-4.1", "claude-sonnet-4-5", "an-unknown-model"];
    const models = Object.fromEntries(ids.map((id) => [id, good(JSON.stringify(answer))]));
    await using server = await modelServer({ models });
    const output = Output.object({ schema: z.object({ reasoning: z.string(), file: z.string() }) });
    for (const id of ids) {
      const messages = asks("Answer in JSON.");
      const asked = await ask({ model: client(server.url, id), stream, messages, output, maxOutputTokens: 100 });
      expect(asked.error, id).toBeUndefined();
      expect(JSON.parse(asked.text), id).toEqual(answer);
      expect(asked.finishReason).toBe("stop");
    }
  });

  test("a model that dribbles can be interrupted, and is charged for what it said", async () => {
    const answer = "word ".repeat(1_000);
    await using server = await modelServer({ models: { m: slow(good(answer), { characters: 5, delayMs: 20 }) } });
    const abort = new AbortController();
    const question = { model: client(server.url, "m"), stream, messages: asks("Speak."), abortSignal: abort.signal };
    const asked = ask({ ...question, onText: () => abort.abort() });
    await server.arrived(1);
    // Without a stream there is nothing to see before the end.
    if (!stream) abort.abort();
    expect((await asked).error).toBeDefined();
    expect(await server.requests[0]?.ended).toBe("closed-by-client");
    const { outputTokens = 0 } = server.requests[0] ?? {};
    expect(outputTokens).toBeLessThan(tokensOf(answer));
    expect(outputTokens > 0).toBe(stream);
  });
});

test.each(atDepth(ways, 5))(
  "ten megabytes arrive, whatever the limit of tokens: $name, $how",
  async ({ client, stream }) => {
    const flood = faults.floods();
    await using server = await modelServer({ models: { m: good(flood) } });
    const question = { model: client(server.url, "m"), stream, messages: asks("Speak."), maxOutputTokens: 1_000 };
    const asked = await ask(question);
    expect(asked.error).toBeUndefined();
    expect(asked.text === flood.text).toBe(true);
    expect(server.requests[0]?.bytesSent).toBeGreaterThan(10 * 1024 * 1024);
  },
);

test("a stream of chat completions tells its usage only if asked", async () => {
  await using server = await modelServer({ models: { m: good("yes") } });
  const provider = createOpenAICompatible({ name: "fake", baseURL: `${server.url}/v1`, apiKey: testKey });
  const asked = await ask({ model: provider("m"), stream: true, messages: asks("How many?") });
  expect(asked).toMatchObject({ text: "yes", usage: { inputTokens: undefined } });
  expect(server.charged()).toMatchObject({ inputTokens: 3, outputTokens: 1 });
});

test("what is open when the server goes was not closed by the client", async () => {
  const server = await modelServer({ models: { m: good(faults.hangs) } });
  const asked = ask({ model: clients.anthropic(server.url, "m"), stream: true, messages: asks("How many?") });
  await server.arrived(1);
  await server[Symbol.asyncDispose]();
  expect((await asked).error).toBeDefined();
  expect(await server.requests[0]?.ended).toBe("cut-by-server");
});
