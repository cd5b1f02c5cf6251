import type { LanguageModel } from "#ports";
import { type ModelSettings, Models, ProviderBreakers, resolveModel } from "#proposers";
import type { ModelServer } from "../fakes/models/model-server.ts";

export type WireProtocol = NonNullable<ModelSettings["protocol"]>;

/** What each protocol's base URL adds to a server's. */
export const basePaths: Readonly<Record<WireProtocol, string>> = {
  anthropic: "/v1",
  "openai-responses": "/v1",
  "openai-chat": "/v1",
  google: "/v1beta",
  ollama: "/api",
};

/** US dollars for a million tokens. */
export const testPrice = { input: 2, output: 10, cachedInput: 0.5 };

export function settingsFor(
  server: ModelServer,
  protocol: WireProtocol,
  model: string,
  more: Partial<ModelSettings> = {},
): ModelSettings {
  return {
    provider: "loopback",
    protocol,
    model,
    baseUrl: server.url + basePaths[protocol],
    price: testPrice,
    ...more,
  };
}

/** A model of a loopback server, with all the policies that stand before a real one. */
export function loopbackModel(
  server: ModelServer,
  protocol: WireProtocol,
  model: string,
  more: Partial<ModelSettings> = {},
): LanguageModel {
  const settings = settingsFor(server, protocol, model, more);
  return new Models(new ProviderBreakers()).open(resolveModel(settings), "test-key");
}
