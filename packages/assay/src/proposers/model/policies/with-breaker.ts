import {
  afterFailure,
  afterSuccess,
  type Breaker,
  type BreakerPolicy,
  closedBreaker,
  enterBreaker,
  fault,
  faultPolicy,
} from "#domain";
import { type LanguageModel, type ModelAnswer, type ModelRequest, noUsage } from "#ports";

export const defaultModelBreaker: BreakerPolicy = { failuresMax: 5, coolDownMs: 60_000 };

/** The breakers of providers: all models of one share one, since it is the provider that is down. */
export class ProviderBreakers {
  readonly #breakers = new Map<string, Breaker>();
  readonly #policy: BreakerPolicy;
  readonly #now: () => number;

  constructor(policy = defaultModelBreaker, now: () => number = Date.now) {
    this.#policy = policy;
    this.#now = now;
  }

  /** Does not ask a provider that failed several times in a row, until some time has passed and one request shows that it answers. */
  around(model: LanguageModel): LanguageModel {
    const { provider, id } = model.description;
    const ask = async (request: ModelRequest): Promise<ModelAnswer> => {
      const entry = enterBreaker(this.#breakers.get(provider) ?? closedBreaker, this.#now(), this.#policy);
      if (entry.kind === "refused") {
        const seconds = Math.max(1, Math.ceil((entry.retryAt - this.#now()) / 1000));
        const why = `${id} is not asked: ${provider} failed several times in a row`;
        return {
          kind: "failed",
          fault: fault("model-unreachable", why, `try again in ${seconds} s`),
          usage: noUsage,
          requests: 0,
          wallMs: 0,
        };
      }
      this.#breakers.set(provider, entry.breaker);
      const answer = await model.ask(request);
      const failed = answer.kind === "failed" && faultPolicy(answer.fault.code).disposition === "retry";
      // Others were asked meanwhile: what counts is how it stands now.
      const now = this.#breakers.get(provider) ?? closedBreaker;
      if (failed) this.#breakers.set(provider, afterFailure(now, this.#now(), this.#policy));
      else if (now.state !== "open") this.#breakers.set(provider, afterSuccess());
      return answer;
    };
    return { description: model.description, worstCase: (request) => model.worstCase(request), ask };
  }
}
