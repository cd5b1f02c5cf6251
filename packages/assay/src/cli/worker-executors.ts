import { stat } from "node:fs/promises";
import type { WorkerRole } from "@assay/sdk";
import { checkProposers, readUserConfig } from "#app";
import { raise } from "#domain";
import { analyzeExecutor, checkExecutor, type Executors, proposeExecutor } from "#worker";

export type WorkerExecutorsOptions = { role: WorkerRole; environment?: string; proposer: readonly string[] };

/**
 * What a worker of this role does its tasks with; who proposes stands in the configuration of this machine's user. Throws `usage` for what
 * would fail each task: a folder that is missing, a name that stands for nobody here.
 */
export async function workerExecutors({ role, environment, proposer }: WorkerExecutorsOptions): Promise<Executors> {
  if (environment !== undefined) await checkFolder(environment);
  const place = environment === undefined ? {} : { environment };
  if (role !== "coder" && proposer.length > 0) raise("usage", `a ${role} proposes nothing`, "leave --proposer out");
  switch (role) {
    case "tester":
      return { check: checkExecutor(place) };
    case "analyzer":
      return { analyze: analyzeExecutor(place) };
    case "coder":
      return { propose: proposeExecutor({ ...place, ...(await proposersOf(proposer)) }) };
  }
}

async function proposersOf(names: readonly string[]) {
  if (names.length === 0) return {};
  const stranger = names.find((name) => !/^(?:search|(?:model|agent):.+)$/.test(name));
  if (stranger !== undefined) {
    raise("usage", `a worker cannot propose by ${stranger}`, "name search, model:NAME or agent:NAME");
  }
  const user = await readUserConfig();
  await checkProposers(names, user);
  return { proposers: names, user };
}

async function checkFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  raise(
    "usage",
    `--environment ${path} is ${found === undefined ? "not there" : "no folder"}`,
    "name the folder in which the dependencies of the project's tests are installed",
  );
}
