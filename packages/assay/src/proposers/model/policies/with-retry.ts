import { faultPolicy, type RetryPolicy, retryDelayMs } from "#domain";
import type { LanguageModel, ModelAnswer, ModelRequest } from "#ports";
import { sleep } from "./sleep.ts";

export type RetryOptions = RetryPolicy & {
  /** Who asks to wait longer is not waited for. */
  retryAfterMsMax: number;
  random: () => number;
  sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
};

export const defaultModelRetry: RetryOptions = {
  triesMax: 4,
  firstDelayMs: 500,
  delayMsMax: 20_000,
  retryAfterMsMax: 60_000,
  random: Math.random,
  sleep,
};

/**
 * Tries again what may pass, with growing pauses and jitter, and not before the provider says. Only what was not charged is tried
 * again: all tries together then cost at most what one may.
 */
export function withRetry(model: LanguageModel, options: RetryOptions = defaultModelRetry): LanguageModel {
  async function ask(request: ModelRequest): Promise<ModelAnswer> {
    const begun = performance.now();
    let requests = 0;
    for (let tries = 1; ; tries += 1) {
      const { wallMsMax } = request;
      const left = wallMsMax === undefined ? {} : { wallMsMax: Math.max(1, wallMsMax - (performance.now() - begun)) };
      const answer = await model.ask({ ...request, ...left });
      requests += answer.requests;
      // Waiting is the caller's time, too.
      const told = { ...answer, requests, wallMs: performance.now() - begun };
      if (answer.kind === "answered" || tries >= options.triesMax || !mayPass(answer)) return told;
      const { retryAfterMs = 0 } = answer;
      if (retryAfterMs > options.retryAfterMsMax) return told;
      const pauseMs = Math.max(retryAfterMs, retryDelayMs(options, tries, options.random));
      if (pauseMs >= (left.wallMsMax ?? Number.POSITIVE_INFINITY)) return told;
      await options.sleep(pauseMs, request.signal);
    }
  }
  return {
    description: model.description,
    worstCase: (request) => ({ ...model.worstCase(request), requests: options.triesMax }),
    ask,
  };
}

function mayPass({ fault, usage }: Extract<ModelAnswer, { kind: "failed" }>): boolean {
  const charged = usage.inputTokens + usage.outputTokens > 0;
  return !charged && faultPolicy(fault.code).disposition === "retry";
}
