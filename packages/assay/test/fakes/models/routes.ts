import type { IncomingHttpHeaders } from "node:http";
import type { Protocol } from "./protocol.ts";
import { anthropic } from "./protocols/anthropic.ts";
import { google } from "./protocols/google.ts";
import {
  listAnthropic,
  listGoogle,
  listOpenai,
  listVllm,
  tellAnthropic,
  tellGoogle,
  tellOpenai,
} from "./protocols/listings.ts";
import { ollama, ollamaChat } from "./protocols/ollama.ts";
import { tellModel, tellRunning, tellTags, tellVersion } from "./protocols/ollama-info.ts";
import { openaiChat, vllmChat } from "./protocols/openai-chat.ts";
import { openaiResponses } from "./protocols/openai-responses.ts";
import type { ServedModel } from "./served-models.ts";

/** Whose API the server plays: of the hosted ones all at once; that of Ollama; that of vLLM. The last two need no key. */
export type Flavour = "hosted" | "ollama" | "vllm";

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

const vllmRoutes: Readonly<Record<string, Route>> = {
  "POST /v1/chat/completions": { kind: "ask", protocol: vllmChat },
  "GET /v1/models": { kind: "inform", protocol: vllmChat, inform: listVllm },
};

const hostedRoutes: Readonly<Record<string, Route>> = {
  "POST /v1/chat/completions": { kind: "ask", protocol: openaiChat },
  "POST /v1/responses": { kind: "ask", protocol: openaiResponses },
  "POST /v1/messages": { kind: "ask", protocol: anthropic },
  "GET /v1/models": { kind: "inform", protocol: openaiChat, inform: listOpenai },
  "GET /v1beta/models": { kind: "inform", protocol: google, inform: listGoogle },
};

const googlePath = /^POST \/v1beta\/models\/([^/:]+):(generateContent|streamGenerateContent)$/;
const modelPath = /^GET \/(v1|v1beta)\/models\/([^/:]+)$/;

/** Finds the endpoint. Anthropic and OpenAI tell of their models at the same path: the version header tells them apart. */
export function routeOf(method: string, url: URL, headers: IncomingHttpHeaders, flavour: Flavour): Route {
  const at = `${method} ${url.pathname}`;
  if (flavour === "ollama") return ollamaRoutes[at] ?? { kind: "unknown", protocol: ollama };
  if (flavour === "vllm") return vllmRoutes[at] ?? { kind: "unknown", protocol: vllmChat };
  const isAnthropic = headers["anthropic-version"] !== undefined;
  if (at === "GET /v1/models" && isAnthropic) return { kind: "inform", protocol: anthropic, inform: listAnthropic };
  return hostedRoutes[at] ?? modelRoute(at, isAnthropic) ?? googleRoute(at, url) ?? unknownRoute(url);
}

function modelRoute(at: string, isAnthropic: boolean): Route | undefined {
  const [, version, encoded] = modelPath.exec(at) ?? [];
  if (encoded === undefined) return undefined;
  const id = decodeURIComponent(encoded);
  if (version === "v1beta") return { kind: "inform", protocol: google, inform: tellGoogle(id) };
  if (isAnthropic) return { kind: "inform", protocol: anthropic, inform: tellAnthropic(id) };
  return { kind: "inform", protocol: openaiChat, inform: tellOpenai(id) };
}

function googleRoute(at: string, url: URL): Route | undefined {
  const [, encoded, verb] = googlePath.exec(at) ?? [];
  const stream = verb === "streamGenerateContent";
  // Without `alt=sse` the stream would be one long JSON array, which no client here reads.
  if (encoded === undefined || stream !== (url.searchParams.get("alt") === "sse")) return undefined;
  return { kind: "ask", protocol: google, model: decodeURIComponent(encoded), stream };
}

/** In the form of whoever is nearest to the path. */
function unknownRoute(url: URL): Route {
  return { kind: "unknown", protocol: url.pathname.startsWith("/v1beta/") ? google : openaiChat };
}
