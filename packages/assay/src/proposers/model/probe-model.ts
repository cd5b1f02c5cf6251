import type { Fault } from "@assay/sdk";
import type { LanguageModel } from "#ports";
import type { ResolvedModel } from "./open-model.ts";
import { probeTools } from "./providers/probe-tools.ts";
import { openProtocol } from "./providers/protocols.ts";
import { servedWindow } from "./providers/served-window.ts";

/** What a model really gives, as it was just observed. */
export type ModelProbe = {
  /** It answered a question of a few words. */
  reachable: boolean;
  fault?: Fault;
  wallMs: number;
  /** Tokens of prompt that the server takes, where it says so; its own default otherwise drops what is longer. */
  contextTokens?: number;
  /** It answered in the JSON that was asked for. */
  structured?: boolean;
  /** It called a tool that it was given. */
  tools?: boolean;
  /** What its user should know or mend. */
  warnings: string[];
};

const question = "Answer with the single word: ready";
const schema = {
  name: "ready",
  schema: {
    type: "object",
    properties: { ready: { type: "boolean" } },
    required: ["ready"],
    additionalProperties: false,
  },
};

/** Asks three times, for a word, for a line of JSON and for a call of a tool: at most 1,000 tokens. Where a server tells its window, it is compared with what is configured. */
export async function probeModel(
  model: LanguageModel,
  { description, protocol, endpoint, settings }: ResolvedModel,
  apiKey: string | undefined,
  signal?: AbortSignal,
): Promise<ModelProbe> {
  const ask = (text: string, more: object) =>
    model.ask({
      messages: [{ role: "user", text }],
      outputTokensMax: outputTokensProbed,
      ...more,
      ...(signal === undefined ? {} : { signal }),
    });
  const plain = await ask(question, {});
  if (plain.kind === "failed") return { reachable: false, fault: plain.fault, wallMs: plain.wallMs, warnings: [] };
  const warnings: string[] = [];
  if (plain.end === "truncated") warnings.push(`it did not finish a word within ${outputTokensProbed} tokens`);
  else if (plain.text.trim() === "") warnings.push("it answered nothing");
  const formed = await ask('Are you ready? Answer as JSON: {"ready": true}', { schema });
  const structured = formed.kind === "answered" && isReady(formed.text);
  if (settings.structured === true && !structured) {
    warnings.push("it is configured as `structured` and did not keep to a JSON schema");
  }
  const keyed = apiKey === undefined ? endpoint : { ...endpoint, apiKey };
  const tools = await probeTools(await openProtocol(protocol, keyed), signal);
  const { contextTokensMax: contextTokens, warning } = await servedWindow(protocol, endpoint, apiKey, signal);
  if (warning !== undefined) warnings.push(warning);
  if (contextTokens !== undefined && contextTokens < description.contextTokensMax) {
    warnings.push(
      `its context window is ${contextTokens} tokens and ${description.contextTokensMax} are configured: longer prompts would lose their beginning`,
    );
  }
  if (description.price === undefined) warnings.push("its price is not known: --max-cost cannot be kept");
  if (endpoint.baseUrl.startsWith("http://") && apiKey !== undefined && !isLocal(endpoint.baseUrl)) {
    warnings.push("its key travels unencrypted: the base URL is http");
  }
  return {
    reachable: true,
    wallMs: plain.wallMs,
    structured,
    ...(tools === undefined ? {} : { tools }),
    ...(contextTokens === undefined ? {} : { contextTokens }),
    warnings,
  };
}

/** A model that thinks before it writes needs some for that. */
const outputTokensProbed = 256;

function isReady(text: string): boolean {
  try {
    return (JSON.parse(text) as { ready?: unknown }).ready === true;
  } catch {
    return false;
  }
}

function isLocal(baseUrl: string): boolean {
  const { hostname } = new URL(baseUrl);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
