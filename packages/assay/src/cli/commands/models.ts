import { text } from "node:stream/consumers";
import { forgetKey, type ListedModel, type ListedModels, listModels, storeKey } from "#app";
import { raise } from "#domain";
import { formatCount, formatDuration, sanitizeLine } from "#report";
import { abortOnInterrupt } from "../interrupt.ts";
import { writeListing, writeResult } from "../output/json.ts";
import { styler } from "../output/style.ts";

export type ModelsOptions = { probe?: boolean; setKey?: string; forgetKey?: string; json?: boolean };

export async function modelsCommand(names: string[], options: ModelsOptions): Promise<void> {
  const json = options.json === true;
  if (options.setKey !== undefined) return tell(await setKey(options.setKey), json);
  if (options.forgetKey !== undefined) {
    const had = await forgetKey(options.forgetKey);
    return tell(had ? `The key of ${options.forgetKey} is gone from the keyring.` : "There was no such key.", json);
  }
  using interrupt = abortOnInterrupt();
  const probe = options.probe !== false;
  const listed = await listModels({ names, probe, signal: interrupt.signal });
  const broken = listed.models.filter((model) => model.key === undefined || model.probe?.reachable === false);
  if (json) {
    for (const model of listed.models) writeListing({ type: "model-listed", ...model });
  } else {
    process.stdout.write(inWords(listed));
  }
  const count = listed.models.length;
  const summary =
    count === 0
      ? `No model is configured in ${listed.config}; name one as it is: --proposer model:PROVIDER/MODEL.`
      : `${count - broken.length} of ${count} ${count === 1 ? "model" : "models"} can be asked${probe ? "" : ", as far as their keys tell"}.`;
  tell(summary, json, broken.length > 0 ? 4 : 0);
}

async function setKey(provider: string): Promise<string> {
  // What is typed would be seen.
  if (process.stdin.isTTY)
    raise("usage", "the key is read from standard input", `printf %s "$KEY" | assay models --set-key ${provider}`);
  const key = await text(process.stdin);
  await storeKey(provider, key);
  return `The key of ${provider} is in this machine's keyring.`;
}

function inWords({ models, providers }: ListedModels): string {
  const style = styler(process.stdout);
  const lines = models.flatMap((model) => [
    `  ${markOf(model, style)} ${style("bold", sanitizeLine(model.name))}${model.name === model.id ? "" : ` ${sanitizeLine(model.id)}`}`,
    ...detailsOf(model).map((detail) => style("dim", `      ${sanitizeLine(detail)}`)),
  ]);
  const rows = providers.map(({ name, key, keyEnv, models: known }) => {
    const state =
      key === undefined ? `no key (${keyEnv.join(" or ")})` : key === "none" ? "no key needed" : `key: ${key}`;
    const some = key === undefined || known.length === 0 ? "" : `; e.g. ${known.slice(0, 3).join(", ")}`;
    return style("dim", `    ${name.padEnd(12)}${sanitizeLine(state + some)}`);
  });
  return `${[...lines, "", "  Providers that are known by name", ...rows, ""].join("\n")}\n`;
}

function markOf({ key, probe }: ListedModel, style: ReturnType<typeof styler>): string {
  if (key === undefined || probe?.reachable === false) return style("red", "✗");
  return (probe?.warnings.length ?? 0) > 0 ? style("yellow", "!") : style("green", "✓");
}

function detailsOf(model: ListedModel): string[] {
  const { price, probe, key, keyEnv } = model;
  const cost =
    price === undefined
      ? "price not known"
      : `$${price.input} in, $${price.output} out a million tokens (${price.asOf})`;
  const window = `${formatCount(model.contextTokensMax)} tokens of context, answers up to ${formatCount(model.outputTokensMax)}`;
  return [
    `${model.baseUrl} · ${key === undefined ? `no key: set ${keyEnv.join(" or ")}` : `key: ${key}`}`,
    `${window} · ${cost}`,
    ...(probe === undefined ? [] : [probed(probe)]),
    ...(probe?.warnings ?? []),
  ];
}

function probed({
  reachable,
  fault,
  wallMs,
  structured,
  tools,
  contextTokens,
}: NonNullable<ListedModel["probe"]>): string {
  if (!reachable) return [fault?.message, fault?.remedy].filter(Boolean).join("; ");
  const window = contextTokens === undefined ? "" : `, its own window ${formatCount(contextTokens)} tokens`;
  const form = structured ? ", also as JSON" : ", not as the JSON that was asked for";
  const calls = tools === undefined ? "" : tools ? ", calls tools" : ", calls no tools";
  return `answered in ${formatDuration(wallMs)}${form}${calls}${window}`;
}

function tell(summary: string, json: boolean, exitCode = 0): void {
  process.exitCode = exitCode;
  if (json) {
    writeResult({ type: "result", outcome: exitCode === 0 ? "nothing-to-do" : "failed", exitCode, summary });
  } else {
    process.stdout.write(`${sanitizeLine(summary)}\n`);
  }
}
