import type {
  LanguageModelV4,
  LanguageModelV4FinishReason,
  LanguageModelV4Usage,
  SharedV4ProviderOptions,
} from "@ai-sdk/provider";
import { fault, raise } from "#domain";
import {
  answerCharactersMax,
  type LanguageModel,
  type ModelAnswer,
  type ModelAnswerEnd,
  type ModelDescription,
  type ModelRequest,
  type ModelUsage,
  noUsage,
} from "#ports";
import { callOptions } from "./call-options.ts";
import { costMicroUsd, mostUsage } from "./cost.ts";
import { failureOf } from "./failure-of.ts";
import { IdleLimit } from "./idle-limit.ts";

export type CallLimits = {
  /** Silence after which a connection counts as dead. A model that thinks sends nothing for minutes. */
  idleMsMax: number;
  /** Of one call. */
  wallMsMax: number;
};

/** The AI SDK's model, opened when it is first asked, and what every request to it says. */
export type SdkModel = {
  open: () => Promise<LanguageModelV4>;
  options: SharedV4ProviderOptions;
  /** The key: nothing that is told of a failure may hold it. */
  secret?: string;
};

export const defaultCallLimits: CallLimits = { idleMsMax: 180_000, wallMsMax: 600_000 };

type Received = { text: string; finish?: LanguageModelV4FinishReason; usage?: LanguageModelV4Usage };

/** Any model of the AI SDK. It is always streamed: silence is noticed, progress is seen, and ending the stream ends the connection. */
export class AiSdkModel implements LanguageModel {
  readonly description: ModelDescription;
  readonly #sdk: SdkModel;
  readonly #limits: CallLimits;

  constructor(description: ModelDescription, sdk: SdkModel, limits = defaultCallLimits) {
    this.description = description;
    this.#sdk = sdk;
    this.#limits = limits;
  }

  worstCase(request: ModelRequest) {
    const { inputTokens, outputTokens, costMicroUsd } = mostUsage(this.description.price, request);
    return { requests: 1, tokens: inputTokens + outputTokens, costMicroUsd };
  }

  async ask(request: ModelRequest): Promise<ModelAnswer> {
    const { id, price } = this.description;
    const begun = performance.now();
    // Loading the provider's package is no silence of the provider.
    const model = await this.#sdk.open();
    const { idleMsMax, wallMsMax } = this.#limits;
    using limit = new IdleLimit(idleMsMax, Math.min(wallMsMax, request.wallMsMax ?? wallMsMax));
    const received: Received = { text: "" };
    const failed = (code: "model-failed" | "model-unreachable", what: string): ModelAnswer => ({
      kind: "failed",
      fault: fault(code, `${id} ${what}`),
      usage: mostUsage(price, request),
      requests: 1,
      wallMs: performance.now() - begun,
    });
    try {
      await this.#receive(model, request, received, limit);
    } catch (error) {
      if (request.signal?.aborted) raise("interrupted", `interrupted while ${id} was asked`);
      if (limit.reason !== undefined) return failed("model-unreachable", `was ${limit.reason}`);
      const { free, ...failure } = failureOf(error, id, Date.now(), this.#sdk.secret);
      // What was begun may be charged, whatever came of it.
      const charged = free && received.text === "" ? noUsage : mostUsage(price, request);
      return { kind: "failed", ...failure, usage: charged, requests: 1, wallMs: performance.now() - begun };
    }
    const { text, finish, usage } = received;
    if (text.length > answerCharactersMax)
      return failed("model-failed", `wrote over ${answerCharactersMax} characters`);
    const end = finish === undefined ? undefined : endOf(finish);
    if (end === undefined) return failed("model-failed", "broke off in the middle of its answer");
    return {
      kind: "answered",
      text,
      end,
      usage: this.#charged(request, usage),
      requests: 1,
      wallMs: performance.now() - begun,
    };
  }

  async #receive(model: LanguageModelV4, request: ModelRequest, received: Received, limit: IdleLimit): Promise<void> {
    // Closes the connection also where this returns early.
    const done = new AbortController();
    const signals = [limit.signal, done.signal, ...(request.signal === undefined ? [] : [request.signal])];
    const options = callOptions(request, this.#sdk.options, AbortSignal.any(signals));
    try {
      const { stream } = await model.doStream(options);
      for await (const part of stream) {
        limit.touch();
        if (part.type === "error") throw part.error;
        if (part.type === "text-delta") received.text += part.delta;
        if (part.type === "finish") Object.assign(received, { finish: part.finishReason, usage: part.usage });
        request.onProgress?.(received.text.length);
        if (received.text.length > answerCharactersMax) return;
      }
    } finally {
      done.abort();
    }
  }

  /** What the provider reports; where it reports nothing, the most that it can be. */
  #charged(request: ModelRequest, usage: LanguageModelV4Usage | undefined): ModelUsage {
    const { price } = this.description;
    const inputTokens = usage?.inputTokens.total ?? 0;
    const outputTokens = usage?.outputTokens.total ?? 0;
    if (inputTokens === 0) return mostUsage(price, request);
    const tokens = { inputTokens, outputTokens, cachedInputTokens: usage?.inputTokens.cacheRead ?? 0 };
    return { ...tokens, costMicroUsd: costMicroUsd(price, tokens), estimated: false };
  }
}

/** `undefined`: it did not end, but stopped. */
function endOf({ unified, raw }: LanguageModelV4FinishReason): ModelAnswerEnd | undefined {
  switch (unified) {
    case "stop":
      return "complete";
    case "length":
      return "truncated";
    case "content-filter":
      return "refused";
    case "tool-calls":
      return "tool-call";
    case "other":
      // Some adapters begin with it, and end with it when the provider never said why it ended.
      return raw === undefined ? undefined : "complete";
    case "error":
    case "interrupted":
      return undefined;
  }
}
