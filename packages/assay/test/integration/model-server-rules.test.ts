import { describe, expect, test } from "vitest";
import { modelServer } from "../fakes/models/model-server.ts";
import { good } from "../fakes/models/scripts/good.ts";
import { inTurn } from "../fakes/models/scripts/in-turn.ts";
import { ask, asks, clients, testKey } from "../support/ask-model.ts";
import { type Change, type Json, unsoundRequests, type Wire } from "../support/unsound-requests.ts";

async function post(url: string, { path, headers, body }: Wire, change: Change = {}): Promise<Response> {
  const all = Object.entries({ ...headers, ...change.headers }).filter(([, value]) => value !== "");
  const text = change.raw ?? JSON.stringify({ ...body, ...change.body });
  return fetch(`${url}${change.path ?? path}`, { method: "POST", headers: Object.fromEntries(all), body: text });
}

describe.each(unsoundRequests)("%s", (_name, wire, cases, messageOf) => {
  test("take a sound request", async () => {
    await using server = await modelServer({ models: { m: good("yes") }, keys: [testKey] });
    expect((await post(server.url, wire)).status).toBe(200);
    server.assertSound();
  });

  test.each(cases)("refuse %s: %s", async (_what, rule, status, change) => {
    await using server = await modelServer({ models: { m: good("yes") }, keys: [testKey] });
    const response = await post(server.url, wire, change);
    expect(response.status).toBe(status);
    expect(messageOf((await response.json()) as Json)).toEqual(expect.any(String));
    expect(() => server.assertSound()).toThrow(rule);
    expect(server.takeViolations().map((violation) => violation.rule)).toContain(rule);
    server.assertSound();
  });
});

describe("a violation", () => {
  test("fails the test even if the client swallows the error", async () => {
    const careless = async (): Promise<void> => {
      await using server = await modelServer({ models: { m: good("yes") } });
      const model = clients.anthropic(server.url, "m");
      await ask({ model, stream: false, messages: [...asks("one"), { role: "assistant", content: "two" }] });
    };
    await expect(careless()).rejects.toThrow("request 1 (/v1/messages): roles: the assistant speaks last");
  });

  test("is also a call for which the script has no reply", async () => {
    const longer = async (): Promise<void> => {
      await using server = await modelServer({ models: { m: inTurn(["one"]) } });
      const question = { model: clients.anthropic(server.url, "m"), stream: true, messages: asks("one") };
      expect(await ask(question)).toMatchObject({ text: "one" });
      expect((await ask(question)).error).toBeDefined();
    };
    await expect(longer()).rejects.toThrow("script: Error: the script has 1 replies; this is call 2");
  });

  test("is not a look at what may not be there", async () => {
    await using server = await modelServer({ models: { m: good("yes") } });
    expect((await fetch(`${server.url}/api/version`)).status).toBe(404);
    server.assertSound();
  });
});
