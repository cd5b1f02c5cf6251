import { readFileSync } from "node:fs";
import { z } from "zod";
import type { ModelPrice } from "#ports";

const listSchema = z.strictObject({
  asOf: z.iso.date(),
  source: z.string(),
  models: z.array(
    z.strictObject({
      provider: z.string(),
      model: z.string(),
      /** Tokens. */
      context: z.int().positive(),
      output: z.int().positive(),
      /** US dollars for a million tokens. */
      input: z.number().min(0),
      cached: z.number().min(0).optional(),
      out: z.number().min(0),
    }),
  ),
});

export type KnownModel = {
  provider: string;
  model: string;
  contextTokensMax: number;
  outputTokensMax: number;
  price: ModelPrice;
};

let list: readonly KnownModel[] | undefined;

/** Windows and list prices as they were on a day; who knows better says so in the configuration. */
export function knownModels(): readonly KnownModel[] {
  list ??= readList();
  return list;
}

/** A dated name such as `claude-haiku-4-5-20251001` is the model it is a release of. */
export function knownModel(provider: string, model: string): KnownModel | undefined {
  const undated = model.replace(/-(?:\d{8}|\d{4}-\d{2}-\d{2}|latest)$/, "");
  return knownModels().find((known) => known.provider === provider && [model, undated].includes(known.model));
}

function readList(): KnownModel[] {
  const { asOf, source, models } = listSchema.parse(
    JSON.parse(readFileSync(new URL("known-models.json", import.meta.url), "utf8")),
  );
  return models.map(({ provider, model, context, output, input, cached, out }) => ({
    provider,
    model,
    contextTokensMax: context,
    outputTokensMax: output,
    price: {
      inputUsdPerMillion: input,
      outputUsdPerMillion: out,
      ...(cached === undefined ? {} : { cachedInputUsdPerMillion: cached }),
      asOf,
      source,
    },
  }));
}
