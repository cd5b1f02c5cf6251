import type { AgentSession, ModelCall } from "@assay/sdk";
import type { SpanAttributes } from "./span-draft.ts";

/**
 * OpenTelemetry's conventions for generative AI, as named by `@opentelemetry/semantic-conventions` in 2026. They are still in
 * development: what they are called stands here and nowhere else. What was asked and answered is never an attribute.
 * Source: https://opentelemetry.io/docs/specs/semconv/gen-ai/
 */

/** Where our name of a provider is not the convention's. */
const providers: Readonly<Record<string, string>> = {
  google: "gcp.gemini",
  mistral: "mistral_ai",
  xai: "x_ai",
  azure: "azure.ai.openai",
  bedrock: "aws.bedrock",
};

export function modelSpanName(call: Pick<ModelCall, "model">): string {
  return `chat ${requestModel(call.model)}`;
}

export function modelAttributes(call: ModelCall): SpanAttributes {
  const [provider = ""] = call.model.split("/");
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": providers[provider] ?? provider,
    "gen_ai.request.model": requestModel(call.model),
    "gen_ai.usage.input_tokens": call.inputTokens,
    "gen_ai.usage.output_tokens": call.outputTokens,
    "gen_ai.usage.cache_read.input_tokens": call.cachedInputTokens,
    "gen_ai.response.finish_reasons": [call.end],
    // File and version of the prompt, not what it says.
    "gen_ai.prompt.name": call.prompt,
    "assay.model.cost_micro_usd": call.costMicroUsd,
    "assay.model.cost_estimated": call.estimated,
    ...(call.fault === undefined ? {} : { "error.type": call.fault.code }),
  };
}

export function agentSpanName(session: Pick<AgentSession, "agent">): string {
  return `invoke_agent ${session.agent}`;
}

export function agentAttributes(session: AgentSession): SpanAttributes {
  return {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": session.agent,
    "assay.agent.messages": session.messages,
    "assay.agent.permissions": session.permissions.length,
    "assay.agent.egress.requests": session.egress.requests,
    "assay.agent.egress.refused": session.egress.refused,
  };
}

function requestModel(model: string): string {
  return model.slice(model.indexOf("/") + 1);
}
