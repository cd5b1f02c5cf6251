import type { IncomingHttpHeaders } from "node:http";
import type { Protocol } from "./protocol.ts";
import { anthropic } from "./protocols/anthropic.ts";
import { listAnthropic, listOpenai } from "./protocols/listings.ts";
import { openaiChat } from "./protocols/openai-chat.ts";
import type { ServedModel } from "./served-models.ts";

/** Whose API the server plays: of the hosted ones all at once, or that of Ollama. */
export type Flavour = "hosted" | "ollama";

/** Says something about the models; `body`: the request's. */
export type Inform = (models: readonly ServedModel[], body: unknown) => { status: number; body: unknown };

/** Where a request leads. `model` and `stream` are set where the path says them. */
export type Route =
  | { kind: "ask"; protocol: Protocol; model?: string; stream?: boolean }
  | { kind: "inform"; protocol: Protocol; inform: Inform }
  | { kind: "unknown"; protocol: Protocol };

/** Finds the endpoint. Anthropic and OpenAI list their models at the same path: the version header tells them apart. */
export function routeOf(method: string, path: string, headers: IncomingHttpHeaders, _flavour: Flavour): Route {
  const at = `${method} ${path}`;
  if (at === "POST /v1/chat/completions") return { kind: "ask", protocol: openaiChat };
  if (at === "POST /v1/messages") return { kind: "ask", protocol: anthropic };
  if (at === "GET /v1/models") {
    if (headers["anthropic-version"] === undefined) return { kind: "inform", protocol: openaiChat, inform: listOpenai };
    return { kind: "inform", protocol: anthropic, inform: listAnthropic };
  }
  return { kind: "unknown", protocol: openaiChat };
}
