import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, type LanguageModel, streamText } from "ai";
import { describe, expect, test } from "vitest";
import { rateLimited, serverError, unauthorized } from "../fakes/models/faults.ts";
import { type ModelServer, modelServer } from "../fakes/models/model-server.ts";
import { good } from "../fakes/models/scripts/good.ts";
import { inTurn } from "../fakes/models/scripts/in-turn.ts";

const protocols: Record<string, (server: ModelServer, model: string) => LanguageModel> = {
  "openai-chat": (server, model) => createOpenAI({ baseURL: `${server.url}/v1`, apiKey: "test-key" }).chat(model),
  anthropic: (server, model) => createAnthropic({ baseURL: `${server.url}/v1`, apiKey: "test-key" })(model),
};

describe.each(Object.entries(protocols))("%s", (_name, client) => {
  test("answers", async () => {
    await using server = await modelServer({ models: { "good-1": good("four and twenty") }, keys: ["test-key"] });
    const asked = {
      model: client(server, "good-1"),
      system: "Be brief.",
      prompt: "How many?",
      maxOutputTokens: 100,
      maxRetries: 0,
    };
    const whole = await generateText(asked);
    expect(whole.text).toBe("four and twenty");
    expect(whole.finishReason).toBe("stop");
    expect(whole.usage).toMatchObject({ inputTokens: 6, outputTokens: 4 });
    const stream = streamText(asked);
    expect(await stream.text).toBe("four and twenty");
    expect(await stream.usage).toMatchObject({ inputTokens: 6, outputTokens: 4 });
  });
  test("errors", async () => {
    await using server = await modelServer({
      models: { "bad-1": inTurn([unauthorized, rateLimited(3), serverError]) },
    });
    const asked = { model: client(server, "bad-1"), prompt: "How many?", maxRetries: 0 };
    await expect(generateText(asked)).rejects.toMatchObject({ statusCode: 401 });
    await expect(generateText(asked)).rejects.toMatchObject({
      statusCode: 429,
      responseHeaders: { "retry-after": "3" },
    });
    await expect(generateText(asked)).rejects.toMatchObject({ statusCode: 500 });
  });
});
