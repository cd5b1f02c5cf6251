import { raise } from "#domain";
import type { LanguageModel, ModelDescription, ModelPrice } from "#ports";
import type { ProviderBreakers } from "./policies/with-breaker.ts";
import { Gate, withGate } from "./policies/with-gate.ts";
import { withRetry } from "./policies/with-retry.ts";
import { AiSdkModel, defaultCallLimits } from "./providers/ai-sdk-model.ts";
import { familyOf } from "./providers/family-of.ts";
import { knownModel } from "./providers/known-models.ts";
import { knownProviders } from "./providers/known-providers.ts";
import { type Endpoint, openProtocol, type Protocol, protocolOptions } from "./providers/protocols.ts";
import type { ModelSettings } from "./settings.ts";

/** Of a model that nobody knows: what small servers give. */
const contextTokensDefault = 32_768;
const outputTokensDefault = 8_192;
const concurrentDefault = 4;

/** Everything about a model but whether it answers. */
export type ResolvedModel = {
  description: ModelDescription;
  protocol: Protocol;
  endpoint: Endpoint;
  /** Environment variables that may hold the key; none where it needs none. */
  keyEnv: readonly string[];
  settings: ModelSettings;
};

/** Throws a `FaultError` of code `usage` for a provider that is not known and not described. */
export function resolveModel(settings: ModelSettings): ResolvedModel {
  const { provider, model } = settings;
  const known = knownProviders[provider];
  const protocol = settings.protocol ?? known?.protocol ?? "openai-chat";
  const baseUrl = settings.baseUrl ?? known?.baseUrl;
  if (baseUrl === undefined) {
    const names = Object.keys(knownProviders).join(", ");
    raise("usage", `there is no provider ${provider}`, `use one of ${names}, or configure ${provider} with a baseUrl`);
  }
  const catalogued = knownModel(provider, model);
  const price = priceOf(settings) ?? (isFree(provider, baseUrl) ? free : catalogued?.price);
  const contextTokensMax = settings.contextTokensMax ?? catalogued?.contextTokensMax ?? contextTokensDefault;
  const outputTokensMax = settings.outputTokensMax ?? catalogued?.outputTokensMax ?? outputTokensDefault;
  return {
    description: {
      id: `${provider}/${model}`,
      provider,
      family: settings.family ?? familyOf(model),
      contextTokensMax,
      outputTokensMax: Math.min(outputTokensMax, Math.floor(contextTokensMax / 2)),
      ...(price === undefined ? {} : { price }),
    },
    protocol,
    endpoint: { provider, model, baseUrl: baseUrl.replace(/\/+$/, ""), contextTokensMax },
    keyEnv: settings.keyEnv === undefined ? (known?.keyEnv ?? []) : [settings.keyEnv],
    settings,
  };
}

/** Opens models with all that stands between a request and a provider: retries outermost, then the provider's breaker, then its gate. */
export class Models {
  readonly #breakers: ProviderBreakers;
  readonly #gates = new Map<string, Gate>();

  constructor(breakers: ProviderBreakers) {
    this.#breakers = breakers;
  }

  open({ description, protocol, endpoint, settings }: ResolvedModel, apiKey: string | undefined): LanguageModel {
    const keyed = apiKey === undefined ? endpoint : { ...endpoint, apiKey };
    const secret = apiKey === undefined ? {} : { secret: apiKey };
    const sdk = { open: () => openProtocol(protocol, keyed), options: protocolOptions(protocol, endpoint), ...secret };
    const { idleSecondsMax, callSecondsMax } = settings;
    const bare = new AiSdkModel(description, sdk, {
      idleMsMax: idleSecondsMax === undefined ? defaultCallLimits.idleMsMax : idleSecondsMax * 1000,
      wallMsMax: callSecondsMax === undefined ? defaultCallLimits.wallMsMax : callSecondsMax * 1000,
    });
    return withRetry(this.#breakers.around(withGate(bare, this.#gateOf(description.provider, settings))));
  }

  #gateOf(provider: string, { concurrentMax = concurrentDefault, requestsPerMinuteMax }: ModelSettings): Gate {
    const limits = { concurrentMax, ...(requestsPerMinuteMax === undefined ? {} : { requestsPerMinuteMax }) };
    const gate = this.#gates.get(provider) ?? new Gate(limits);
    this.#gates.set(provider, gate);
    return gate;
  }
}

function priceOf({ price }: ModelSettings): ModelPrice | undefined {
  if (price === undefined) return undefined;
  const { input, output, cachedInput } = price;
  return {
    inputUsdPerMillion: input,
    outputUsdPerMillion: output,
    ...(cachedInput === undefined ? {} : { cachedInputUsdPerMillion: cachedInput }),
    asOf: "configured",
    source: "the user's configuration",
  };
}

const free: ModelPrice = {
  inputUsdPerMillion: 0,
  outputUsdPerMillion: 0,
  asOf: "always",
  source: "a model that runs on this machine",
};

/** What answers on this machine by a name that stands for such costs nothing. */
function isFree(provider: string, baseUrl: string): boolean {
  const known = knownProviders[provider];
  const { hostname } = new URL(baseUrl);
  const here = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  return here && known !== undefined && known.keyEnv.length === 0;
}
