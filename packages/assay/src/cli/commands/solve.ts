import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { GivenFile, Goal, GuardrailPolicy, Result, SolveLanguage, VerdictLevel } from "@assay/sdk";
import type { OpenProject } from "#app";
import { raise } from "#domain";
import { revealLine } from "#report";
import { budgetFlags, type ProposingOptions, proposingOf } from "../definitions/proposing-options.ts";
import { abortOnInterrupt } from "../interrupt.ts";
import { openShown } from "../open-shown.ts";
import { runOutput } from "../output/run-output.ts";
import { readGiven } from "../read-given.ts";

export type SolveOptions = ProposingOptions & {
  tests: string[];
  hidden: string[];
  holdOut?: number;
  seed: number;
  language?: SolveLanguage;
  name?: string;
  out?: string;
  patch?: string;
  force?: boolean;
  keepUnproven?: boolean;
  guardrails: GuardrailPolicy;
  minLevel?: VerdictLevel;
  dir: string;
  /** Commander's form of `--unsafe-no-sandbox`. */
  unsafeNoSandbox?: boolean;
  json?: boolean;
};

export async function solveCommand(description: string | undefined, options: SolveOptions): Promise<void> {
  if (options.tests.length === 0) raise("usage", "there are no tests", "name them: --tests FILE");
  if (options.out !== undefined && options.patch !== undefined && resolve(options.out) === resolve(options.patch)) {
    raise("usage", "--out and --patch name the same file", "name two");
  }
  for (const path of [options.out, options.patch]) await refuseToReplace(path, options.force === true);
  using output = runOutput(options.json === true);
  using interrupt = abortOnInterrupt();
  await using project = await openShown(options.dir, output, options);
  const { result, runId } = await project.start(await goalOf(project, description, options), {
    ...budgetFlags(options),
    signal: interrupt.signal,
  });
  output.result(result, runId, project.root);
  if (options.json !== true) await printSolution(result);
  process.exitCode = result.exitCode;
}

async function goalOf(project: OpenProject, description: string | undefined, options: SolveOptions): Promise<Goal> {
  const keep = async (path: string): Promise<GivenFile> => ({
    path: resolve(path),
    digest: await project.keep(await readGiven(path, "the tests")),
  });
  const { holdOut, seed, language, name, out, patch, minLevel } = options;
  return {
    kind: "solve",
    root: project.root,
    ...(await wanted(project, description)),
    tests: await Promise.all(options.tests.map(keep)),
    hidden: await Promise.all(options.hidden.map(keep)),
    ...(holdOut === undefined ? {} : { holdOut: { fraction: holdOut, seed } }),
    ...(language === undefined ? {} : { language }),
    ...(name === undefined ? {} : { name }),
    guardrails: options.guardrails,
    ...(minLevel === undefined ? {} : { minLevel }),
    ...(out === undefined ? {} : { out: resolve(out) }),
    ...(patch === undefined ? {} : { patchOut: resolve(patch) }),
    force: options.force === true,
    keepUnproven: options.keepUnproven === true,
    ...proposingOf(options),
  };
}

const stubEnding = /\.(?:py|[cm]?[jt]s|[jt]sx)$/;
const nameCharactersMax = 300;

/** A file's content where there is a file of this name, else the words themselves. */
async function wanted(
  project: OpenProject,
  given: string | undefined,
): Promise<Pick<Extract<Goal, { kind: "solve" }>, "description" | "stub">> {
  if (given === undefined || given.trim() === "") return {};
  const what = "the description";
  if (given === "-") return { description: await project.keep(await readGiven(given, what)) };
  const looksLikeFile = given.length <= nameCharactersMax && !given.includes("\n");
  const found = looksLikeFile ? await stat(given).catch(() => undefined) : undefined;
  if (found === undefined) {
    const oneWord = /^\S+\.(?:md|txt|py|[cm]?[jt]s|[jt]sx)$/.test(given);
    if (oneWord)
      raise("usage", `there is no file ${given}`, "name a file that is there, or write what is wanted in words");
    return { description: await project.keep(Buffer.from(given)) };
  }
  const digest = await project.keep(await readGiven(given, what));
  return stubEnding.test(given) ? { stub: { path: resolve(given), digest } } : { description: digest };
}

/** Before anything is run: nobody waits for a solution that then cannot be written. */
async function refuseToReplace(path: string | undefined, force: boolean): Promise<void> {
  if (path === undefined) return;
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) raise("usage", `${path} is a folder`, "name a file in it");
  if (found !== undefined && !force)
    raise("usage", `${path} is there already`, "replace it with --force, or name another file");
}

/** A solution that was asked for as no file is shown to people. */
async function printSolution({ outcome, solution }: Result): Promise<void> {
  if (outcome !== "accepted" || solution === undefined || solution.written !== undefined) return;
  const text = await readFile(solution.path, "utf8");
  process.stdout.write(
    `\n${text
      .trimEnd()
      .split("\n")
      .map((line) => revealLine(line))
      .join("\n")}\n`,
  );
}
