import { knownModels, knownProviders, type ModelProbe, probeModel, type ResolvedModel } from "#proposers";
import { ModelCatalogue } from "./model-catalogue.ts";
import { findKey } from "./provider-keys.ts";
import { readUserConfig, userConfigPath } from "./user-config.ts";

export type ListedModel = {
  /** As `--proposer model:NAME` takes it. */
  name: string;
  id: string;
  family: string;
  baseUrl: string;
  contextTokensMax: number;
  outputTokensMax: number;
  price?: { input: number; output: number; asOf: string };
  /** Where the key comes from; `none` where none is needed. Absent: it is missing. */
  key?: string;
  keyEnv: readonly string[];
  probe?: ModelProbe;
};

export type ListedModels = {
  config: string;
  models: ListedModel[];
  /** Providers that have a key, or need none, and models of them that can be named as they are. */
  providers: { name: string; key?: string; keyEnv: readonly string[]; models: string[] }[];
};

export type ListModelsOptions = { names: readonly string[]; probe: boolean; signal?: AbortSignal };

/** What is configured, and what may be named without configuration; each asked whether it answers, if `probe`. */
export async function listModels({ names, probe, signal }: ListModelsOptions): Promise<ListedModels> {
  const user = await readUserConfig();
  const catalogue = new ModelCatalogue(user);
  const wanted: [string, ResolvedModel][] =
    names.length === 0 ? catalogue.configured() : names.map((name) => [name, catalogue.resolve(name)]);
  const models = await Promise.all(
    wanted.map(async ([name, resolved]): Promise<ListedModel> => {
      const { description, endpoint, keyEnv } = resolved;
      const found = await findKey(description.provider, keyEnv);
      const key = found?.from ?? (keyEnv.length === 0 ? "none" : undefined);
      const listed = { ...told(name, resolved), baseUrl: endpoint.baseUrl, ...(key === undefined ? {} : { key }) };
      if (!probe || key === undefined) return listed;
      const { model } = await catalogue.open(name);
      return { ...listed, probe: await probeModel(model, resolved, found?.key, signal) };
    }),
  );
  const providers = await Promise.all(
    Object.entries(knownProviders).map(async ([name, { keyEnv }]) => {
      const key = keyEnv.length === 0 ? "none" : (await findKey(name, keyEnv))?.from;
      const known = knownModels().filter(({ provider }) => provider === name);
      return {
        name,
        ...(key === undefined ? {} : { key }),
        keyEnv,
        models: known.map(({ model }) => `${name}/${model}`),
      };
    }),
  );
  return { config: userConfigPath(), models, providers };
}

/** `provider/model` of a model by its name. Fault: `usage`. */
export async function modelId(name: string): Promise<string> {
  return new ModelCatalogue(await readUserConfig()).resolve(name).description.id;
}

function told(name: string, { description, keyEnv }: ResolvedModel): Omit<ListedModel, "baseUrl"> {
  const { id, family, contextTokensMax, outputTokensMax, price } = description;
  return {
    name,
    id,
    family,
    contextTokensMax,
    outputTokensMax,
    keyEnv,
    ...(price === undefined
      ? {}
      : { price: { input: price.inputUsdPerMillion, output: price.outputUsdPerMillion, asOf: price.asOf } }),
  };
}
