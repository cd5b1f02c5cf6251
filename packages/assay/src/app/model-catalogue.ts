import { raise } from "#domain";
import type { LanguageModel } from "#ports";
import { type ModelSettings, Models, ProviderBreakers, type ResolvedModel, resolveModel } from "#proposers";
import { findKey } from "./provider-keys.ts";
import { type UserConfig, userConfigPath } from "./user-config.ts";

/** Models by the names that a user may give them. One for a process: models of one provider share its breaker and its gate. */
export class ModelCatalogue {
  readonly #user: UserConfig;
  readonly #pricesNeeded: boolean;
  readonly #models = new Models(new ProviderBreakers());

  /** `pricesNeeded`: there is a limit of money, which says nothing about a model whose price is not known. */
  constructor(user: UserConfig, pricesNeeded = false) {
    this.#user = user;
    this.#pricesNeeded = pricesNeeded;
  }

  /** A configured name, or `provider/model`. Fault: `usage`. */
  resolve(name: string): ResolvedModel {
    return resolveModel(this.#user.models?.[name] ?? settingsOf(name));
  }

  configured(): [name: string, model: ResolvedModel][] {
    return Object.entries(this.#user.models ?? {}).map(([name, settings]) => [name, resolveModel(settings)]);
  }

  /** Fault: `usage` where its key is missing, or its price where that is needed. */
  async open(name: string): Promise<{ model: LanguageModel; settings: ModelSettings }> {
    const resolved = this.resolve(name);
    const { description, keyEnv, settings } = resolved;
    if (description.price === undefined && this.#pricesNeeded) {
      raise(
        "usage",
        `the price of ${description.id} is not known, so that --max-cost cannot be kept`,
        `configure its price in ${userConfigPath()}, or leave --max-cost out and use --max-tokens`,
      );
    }
    const found = await findKey(description.provider, keyEnv);
    if (found === undefined && keyEnv.length > 0) {
      raise(
        "usage",
        `there is no key for ${description.provider}`,
        `set ${keyEnv.join(" or ")}, or store it: assay models --set-key ${description.provider}`,
      );
    }
    return { model: this.#models.open(resolved, found?.key), settings };
  }
}

function settingsOf(name: string): ModelSettings {
  const at = name.indexOf("/");
  if (at < 1 || at === name.length - 1) {
    raise(
      "usage",
      `there is no model ${name}`,
      `give PROVIDER/MODEL, as in anthropic/claude-sonnet-5, or a name that ${userConfigPath()} configures`,
    );
  }
  return { provider: name.slice(0, at), model: name.slice(at + 1) };
}
