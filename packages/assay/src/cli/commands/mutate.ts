import { access, constants, open, writeFile } from "node:fs/promises";
import { dirname, extname, resolve } from "node:path";
import type { Result } from "@assay/sdk";
import { assayVersion, mutateProject } from "#app";
import { raise } from "#domain";
import { revealLine, sanitizeLine, sanitizeText } from "#report";
import {
  byFunction,
  type MutantResult,
  type MutatedFile,
  type Mutation,
  mutantDiff,
  mutationHtml,
  percent,
  scoreOf,
  strykerReport,
} from "#workflows";
import { abortOnInterrupt } from "../interrupt.ts";
import { writeListing, writeResult } from "../output/json.ts";
import { StatusLine } from "../output/status-line.ts";
import { styler } from "../output/style.ts";

export type MutateCommandOptions = {
  dir: string;
  since?: string;
  tests: string[];
  max: number;
  minScore?: number;
  report: string[];
  force?: boolean;
  json?: boolean;
};

type Mutated = Extract<Mutation, { kind: "mutated" }>;

const survivorsShown = 40;
const functionsShown = 3;

export async function mutateCommand(paths: readonly string[], options: MutateCommandOptions): Promise<void> {
  const wrong = options.report.find((file) => ![".html", ".json"].includes(extname(file)));
  if (wrong !== undefined) raise("usage", `a report is an .html or a .json file, not ${wrong}`, "name it so");
  for (const file of options.report) await refuseUnwritable(file);
  using status = new StatusLine(process.stderr);
  using interrupt = abortOnInterrupt();
  const { since, tests, max } = options;
  const goal = { paths, tests, mutantsMax: max, ...(since === undefined ? {} : { since }) };
  const { mutation, root } = await mutateProject(options.dir, goal, {
    signal: interrupt.signal,
    afresh: options.force === true,
    onProgress: (text) => status.show(() => text),
    onResult: (result) => {
      if (options.json) writeListing(listed(result));
    },
  });
  status.clear();
  const result = resultOf(mutation, options);
  process.exitCode = result.exitCode;
  if (mutation.kind === "mutated" && !options.json) process.stdout.write(`${shown(mutation)}\n`);
  if (!options.json) process.stdout.write(`  ${styler(process.stdout)("bold", sanitizeText(result.summary))}\n`);
  if (mutation.kind === "mutated") await writeReports(mutation, root, options.report);
  if (options.json) writeResult(result);
}

/** Before anything is run for it; nothing is made or changed. */
async function refuseUnwritable(file: string): Promise<void> {
  try {
    const opened = await open(file, "r+").catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
    if (opened === undefined) await access(dirname(resolve(file)), constants.W_OK);
    else await opened.close();
  } catch (error) {
    raise("usage", `cannot write ${file}: ${(error as Error).message}`);
  }
}

async function writeReports(mutation: Mutated, root: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const text =
      extname(file) === ".html"
        ? mutationHtml(mutation, root, assayVersion())
        : `${JSON.stringify(strykerReport(mutation, root, assayVersion()))}\n`;
    await writeFile(file, text).catch((error: Error) => raise("usage", `cannot write ${file}: ${error.message}`));
  }
}

function listed({
  file,
  line,
  function: name,
  operator,
  replacement,
  status,
  coveredBy,
  killedBy,
  known,
}: MutantResult) {
  return {
    type: "mutant-tried" as const,
    file,
    line,
    ...(name === undefined ? {} : { function: name }),
    operator,
    replacement: replacement.slice(0, 1000).toWellFormed(),
    status,
    coveredBy: coveredBy.length,
    ...(killedBy === undefined ? {} : { killedBy }),
    known,
  };
}

function shown(mutation: Mutated): string {
  const style = styler(process.stdout);
  const survivors = mutation.files.flatMap((file) =>
    file.mutants.filter(({ status }) => status === "survived").map((mutant) => ({ file, mutant })),
  );
  const lines = survivors.slice(0, survivorsShown).flatMap(({ file, mutant }) => {
    const where = `${mutant.file}:${mutant.line}${mutant.function === undefined ? "" : ` in ${mutant.function}`}`;
    const executed = `executed by ${mutant.coveredBy.length} ${mutant.coveredBy.length === 1 ? "test" : "tests"}`;
    return [
      `  ${style("yellow", "survived")} ${style("bold", sanitizeLine(where))}  ${mutant.fault}, ${executed}`,
      ...changed(file, mutant),
    ];
  });
  const rest = survivors.length - survivorsShown;
  const more = rest > 0 ? [`  and ${rest} more: --report FILE.html has them all`, ""] : [];
  return [...lines, ...more, ...mutation.files.flatMap(scoreLines), ""].join("\n");
}

/** The lines that a mutant takes away and puts in. */
function changed({ source }: MutatedFile, mutant: MutantResult): string[] {
  const style = styler(process.stdout);
  const lines = mutantDiff(source, mutant, 0)
    .split("\n")
    .filter((line) => /^[-+](?![-+]{2} )/.test(line))
    .map((line) => `      ${style(line.startsWith("-") ? "red" : "green", revealLine(line, 160))}`);
  return [...lines, ""];
}

function scoreLines({ path, mutants }: MutatedFile): string[] {
  const style = styler(process.stdout);
  const { noticed, survived, uncovered, errored, total } = scoreOf(mutants);
  const weak = byFunction(mutants)
    .filter(({ score }) => score.survived + score.uncovered > 0)
    .slice(0, functionsShown)
    .map(({ name, score }) => `${sanitizeLine(name)} ${percent(score.noticed)}`);
  const failed = errored === 0 ? "" : `, ${errored} more could not be tried`;
  const counts = `${total} faults, ${survived} survived, ${uncovered} not seen to run${failed}`;
  return [
    `  ${percent(noticed).padStart(7)}  ${style("bold", sanitizeLine(path))}  ${style("dim", [counts, ...weak].join(" · "))}`,
  ];
}

function resultOf(mutation: Mutation, { minScore }: MutateCommandOptions): Result {
  if (mutation.kind === "nothing") {
    return { type: "result", outcome: "inconclusive", exitCode: 3, summary: mutation.why };
  }
  if (mutation.kind === "unchanged") {
    return { type: "result", outcome: "evaluated", exitCode: 0, summary: mutation.why };
  }
  const { noticed, survived, uncovered, errored, total } = scoreOf(mutation.files.flatMap(({ mutants }) => mutants));
  if (noticed === undefined) {
    const summary = `None of ${errored} small faults could be tried: nothing is known of the tests.`;
    return { type: "result", outcome: "inconclusive", exitCode: 3, summary };
  }
  const low = minScore !== undefined && noticed * 100 < minScore;
  const { aside, unsteady } = mutation;
  const sentences = [
    `The tests notice ${percent(noticed)} of ${counted(total, "small fault")}: ${survived} survived, ${uncovered} not seen to run by any test.`,
    ...(low ? [`At least ${minScore} % were asked for.`] : []),
    ...(errored === 0 ? [] : [`${counted(errored, "more")} could not be tried.`]),
    ...(aside.length === 0
      ? []
      : [`Without a say: ${counted(aside.length, "test")} that did not pass without a fault.`]),
    ...(unsteady.length === 0
      ? []
      : [
          `Without a say: ${counted(unsteady.length, "test")} that passed once and not again, ${sanitizeLine(unsteady[0] ?? "", 100)} first.`,
        ]),
  ];
  const outcome = low ? "rejected" : "evaluated";
  return { type: "result", outcome, exitCode: low ? 1 : 0, summary: sentences.join(" ") };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 || what === "more" ? "" : "s"}`;
}
