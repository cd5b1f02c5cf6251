import { event, type Failure, type Frame, type Output, type Protocol, type Refusal } from "../protocol.ts";
import type { Problem } from "../violation.ts";
import { readGoogle } from "./google-request.ts";

/** Google's Gemini API. Source: the API reference, "Generating content", and the troubleshooting guide. */
export const google: Protocol = {
  name: "google",
  streamType: "text/event-stream",
  key: (headers, query) => {
    const key = headers["x-goog-api-key"] ?? query.get("key");
    if (typeof key === "string" && key !== "") return { key };
    return { rule: "key-missing", message: "Method doesn't allow unregistered callers. Please use API Key." };
  },
  read: readGoogle,
  refuse: googleRefuse,
  fail: googleFail,
  failInStream: (failure) => event(googleFail(failure)),
  cutsPrompts: false,
  overflow: ({ input, max }) => {
    const message = `The input token count (${input}) exceeds the maximum number of tokens allowed (${max}).`;
    return input > max ? { status: 400, message } : undefined;
  },
  whole: (output) => chunkOf(output, partsOf(output, output.text), finishReasons[output.end]),
  stream: streamContent,
};

const statuses: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
};

const finishReasons = { complete: "STOP", truncated: "MAX_TOKENS", refused: "SAFETY", "tool-call": "STOP" } as const;

/** Google's form of an error. */
export function googleFail({ status, message, code }: Failure): unknown {
  return { error: { code: status, message, status: code ?? statuses[status] ?? "UNKNOWN" } };
}

/** A key that is missing is 403, a wrong one 400: Google has no 401 for keys. */
function googleRefuse({ rule, message }: Problem): Refusal {
  const status = rule === "key-missing" ? 403 : rule === "model-unknown" || rule === "route" ? 404 : 400;
  if (rule !== "key-unknown") return { status, body: googleFail({ status, message }) };
  const details = [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID" }];
  const said = "API key not valid. Please pass a valid API key.";
  return { status, body: { error: { code: status, message: said, status: "INVALID_ARGUMENT", details } } };
}

function* streamContent(output: Output): Generator<Frame> {
  // What is refused is charged and not sent.
  const pieces = output.end === "refused" ? [] : output.pieces;
  for (const piece of pieces) {
    yield { wire: event(chunkOf(output, [{ text: piece }])), characters: piece.length };
  }
  const last = chunkOf(output, partsOf(output, ""), finishReasons[output.end]);
  yield { wire: event(last), characters: output.end === "refused" ? output.text.length : 0 };
}

function partsOf({ end, toolCall }: Output, text: string): unknown[] {
  if (end === "refused") return [];
  const called = toolCall === undefined ? [] : [{ functionCall: { name: toolCall.name, args: toolCall.input } }];
  return text === "" && called.length > 0 ? called : [{ text }, ...called];
}

function chunkOf(output: Output, parts: readonly unknown[], finishReason?: string): unknown {
  const content = parts.length === 0 ? {} : { content: { role: "model", parts } };
  const { inputTokens, outputTokens, cachedTokens } = output.usage;
  return {
    candidates: [{ ...content, index: 0, ...(finishReason === undefined ? {} : { finishReason }) }],
    usageMetadata: {
      promptTokenCount: inputTokens,
      candidatesTokenCount: outputTokens,
      totalTokenCount: inputTokens + outputTokens,
      ...(cachedTokens > 0 ? { cachedContentTokenCount: cachedTokens } : {}),
    },
    modelVersion: output.model,
    responseId: `google-${output.number}`,
  };
}
