import type { Proposing } from "@assay/sdk";
import { raise } from "#domain";
import type { Blobs, Council, Knowledge, LanguageModel, Panel, Proposer, Router } from "#ports";
import { FixedRouter, InOrderRouter, LearnedRouter, ModelProposer } from "#proposers";
import type { ModelCatalogue } from "./model-catalogue.ts";
import type { UserConfig } from "./user-config.ts";

export type PanelOptions = {
  user: UserConfig;
  blobs: Blobs;
  knowledge: Knowledge | undefined;
  catalogue: ModelCatalogue;
  /** By the name that the user's configuration has. Fault: `usage`. */
  agent: (name: string) => Proposer;
  /** A worker of the daemon that has this capability, or any. */
  worker: (capability: string | undefined) => Proposer;
  /** Those that every goal of this kind may have, by name. */
  others: Readonly<Record<string, () => Proposer | undefined>>;
};

/** With the ids of the models that have a seat. */
type Seating = PanelOptions & { seated: Set<string> };

/**
 * Who is asked for a goal: those named on the command line, else those that the user's configuration names, else whoever needs nothing.
 * Throws a `FaultError` of code `usage` for a name that stands for nobody, and for a model that has no key.
 */
export async function panelFor(proposing: Proposing, given: PanelOptions): Promise<Panel> {
  const options = { ...given, seated: new Set<string>() };
  const { user, others } = options;
  const names = proposing.proposers ?? user.propose?.proposers ?? ["search"];
  const proposers: Proposer[] = [];
  const implied = others["recent-hunks"]?.();
  if (implied !== undefined) proposers.push(implied);
  const [councils, alone] = partition([...new Set(names)], (name) => name.startsWith(councilPrefix));
  const routing = proposing.router ?? user.propose?.router ?? "fixed";
  const learning = routing === "learned" ? options : { ...options, knowledge: undefined };
  for (const name of alone) proposers.push(await proposerNamed(name, learning));
  const router = routerNamed(routing, options.knowledge);
  const [council, another] = councils;
  if (another !== undefined) raise("usage", "there are two councils", "name all members in one");
  return council === undefined
    ? { proposers, router }
    : { proposers, router, council: await councilOf(council.slice(councilPrefix.length), learning) };
}

const councilPrefix = "council:";

/** `council:A,B,C`: models by their names, and others by theirs, as in `council:claude,gpt,search`. The models judge as well. */
async function councilOf(list: string, options: Seating): Promise<Council> {
  const names = list.split(",").map((name) => name.trim());
  if (
    names.length < 2 ||
    names.length > councilMembersMax ||
    names.includes("") ||
    new Set(names).size < names.length
  ) {
    raise(
      "usage",
      `${councilPrefix}${list} is no council`,
      `name 2 to ${councilMembersMax} different members, with commas`,
    );
  }
  const members: Proposer[] = [];
  const judges: LanguageModel[] = [];
  for (const name of names) {
    const isOther = Object.hasOwn(options.others, name) || /^(?:(?:agent|model|worker):|worker$)/.test(name);
    members.push(await proposerNamed(isOther ? name : `model:${name}`, options));
    if (!isOther || name.startsWith("model:"))
      judges.push((await options.catalogue.open(name.replace(/^model:/, ""))).model);
  }
  return { members, judges };
}

const councilMembersMax = 16;

function partition<T>(all: readonly T[], is: (one: T) => boolean): [yes: T[], no: T[]] {
  return [all.filter(is), all.filter((one) => !is(one))];
}

async function proposerNamed(name: string, options: Seating): Promise<Proposer> {
  const [kind = "", rest = ""] = splitOnce(name, ":");
  if (kind === "model") {
    const { model, settings } = await options.catalogue.open(rest);
    const { temperature, structured } = settings;
    const { id } = model.description;
    // One model may sit twice, as with two temperatures: the names tell them apart.
    const isSecond = options.seated.has(id);
    options.seated.add(id);
    return new ModelProposer({
      model,
      blobs: options.blobs,
      ...(isSecond ? { instance: `${id} as ${rest}` } : {}),
      ...(options.knowledge === undefined ? {} : { knowledge: options.knowledge }),
      ...(temperature === undefined ? {} : { temperature }),
      ...(structured === undefined ? {} : { structured }),
    });
  }
  if (kind === "agent" && rest !== "") return options.agent(rest);
  if (kind === "worker") return options.worker(capabilityOf(rest));
  const known = rest === "" && Object.hasOwn(options.others, kind) ? options.others[kind]?.() : undefined;
  const choices = [
    ...Object.keys(options.others),
    "model:PROVIDER/MODEL",
    "agent:NAME",
    "worker:CAPABILITY",
    "council:A,B",
  ].join(", ");
  return (
    known ?? raise("usage", `there is no proposer ${name}`, `give one of ${choices}; \`assay models\` lists models`)
  );
}

function capabilityOf(text: string): string | undefined {
  if (text === "") return undefined;
  return /^[a-z0-9][a-z0-9._-]{0,99}$/.test(text)
    ? text
    : raise("usage", `a worker's capability is no ${JSON.stringify(text)}`, "give one such as worker:search");
}

function routerNamed(name: Router["name"], knowledge: Knowledge | undefined): Router {
  switch (name) {
    case "fixed":
      return new FixedRouter();
    case "learned":
      return new LearnedRouter(knowledge);
    case "none":
      return new InOrderRouter();
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
