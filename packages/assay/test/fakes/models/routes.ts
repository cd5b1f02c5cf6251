import type { IncomingHttpHeaders } from "node:http";
import type { Protocol } from "./protocol.ts";
import { anthropic } from "./protocols/anthropic.ts";
import { google } from "./protocols/google.ts";
import { listAnthropic, listGoogle, listOpenai } from "./protocols/listings.ts";
import { ollama, ollamaChat } from "./protocols/ollama.ts";
import { tellModel, tellRunning, tellTags, tellVersion } from "./protocols/ollama-info.ts";
import { openaiChat } from "./protocols/openai-chat.ts";
import { openaiResponses } from "./protocols/openai-responses.ts";
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

const ollamaRoutes: Readonly<Record<string, Route>> = {
  "POST /api/chat": { kind: "ask", protocol: ollama },
  "POST /api/show": { kind: "inform", protocol: ollama, inform: tellModel },
  "GET /api/tags": { kind: "inform", protocol: ollama, inform: tellTags },
  "GET /api/ps": { kind: "inform", protocol: ollama, inform: tellRunning },
  "GET /api/version": { kind: "inform", protocol: ollama, inform: tellVersion },
  "POST /v1/chat/completions": { kind: "ask", protocol: ollamaChat },
  "GET /v1/models": { kind: "inform", protocol: ollamaChat, inform: listOpenai },
};

const hostedRoutes: Readonly<Record<string, Route>> = {
  "POST /v1/chat/completions": { kind: "ask", protocol: openaiChat },
  "POST /v1/responses": { kind: "ask", protocol: openaiResponses },
  "POST /v1/messages": { kind: "ask", protocol: anthropic },
  "GET /v1/models": { kind: "inform", protocol: openaiChat, inform: listOpenai },
  "GET /v1beta/models": { kind: "inform", protocol: google, inform: listGoogle },
};

const googlePath = /^POST \/v1beta\/models\/([^/:]+):(generateContent|streamGenerateContent)$/;

/** Finds the endpoint. Anthropic and OpenAI list their models at the same path: the version header tells them apart. */
export function routeOf(method: string, url: URL, headers: IncomingHttpHeaders, flavour: Flavour): Route {
  const at = `${method} ${url.pathname}`;
  if (flavour === "ollama") return ollamaRoutes[at] ?? { kind: "unknown", protocol: ollama };
  if (at === "GET /v1/models" && headers["anthropic-version"] !== undefined) {
    return { kind: "inform", protocol: anthropic, inform: listAnthropic };
  }
  const generate = googlePath.exec(at);
  const stream = generate?.[2] === "streamGenerateContent";
  // Without `alt=sse` the stream would be one long JSON array, which no client here reads.
  if (generate?.[1] !== undefined && stream === (url.searchParams.get("alt") === "sse")) {
    return { kind: "ask", protocol: google, model: decodeURIComponent(generate[1]), stream };
  }
  const nearest = url.pathname.startsWith("/v1beta/") ? google : openaiChat;
  return hostedRoutes[at] ?? { kind: "unknown", protocol: nearest };
}
