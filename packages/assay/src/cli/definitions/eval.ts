import type { Command } from "commander";
import { jsonOption } from "./common-options.ts";
import { collect, parseCount, parseSeconds, parseSeed, parseTemperature } from "./parse-options.ts";
import { withModelBudget } from "./proposing-options.ts";

/** Adds `assay eval` and `assay eval compare` to the command line. */
export function defineEval(program: Command): void {
  const evaluation = withModelBudget(program.command("eval"))
    .summary("evaluate a proposer on HumanEval, MBPP or HumanEvalFix")
    .description(
      "Checks every candidate out of process, in a sandbox, and tells pass@k with its interval (docs/guides/eval.md). The data is yours: a file, or a URL with its checksum.",
    )
    .argument("<dataset>", "humaneval, mbpp, humanevalfix-python or humanevalfix-js")
    .option("--data <source>", "the dataset's file, or its URL; JSON Lines, plain or gzipped")
    .option("--sha256 <hex>", "the checksum of the data; a URL needs it")
    .option("--proposer <name>", "canonical, search, model:PROVIDER/MODEL or samples:FILE", "canonical")
    .option("--samples <n>", "of a model: candidates for each task", parseCount)
    .option(
      "--rounds <n>",
      "of a model: how often a candidate is asked for, each time with what its visible tests said",
      parseCount,
    )
    .option("--temperature <t>", "of a model: from 0 to 2", parseTemperature)
    .option("--visible <tests>", "what the proposer sees of the tests: test or example_test", "test")
    .option("--learn", "add what the search finds, and whether it is right, to the knowledge base")
    .option("--k <list>", "pass@k for these k, e.g. 1,10", "1")
    .option("--workers <n>", "problems evaluated at the same time; default: one for each core", parseCount)
    .option("--tasks <id>", "only this task; repeatable", collect, [])
    .option("--limit <n>", "only the first so many tasks", parseCount)
    .option("--seed <n>", "kept with the run", parseSeed, 0)
    .option("--max-time <seconds>", "stop after this many seconds; the run can be resumed with more", parseSeconds)
    .option("-C, --dir <dir>", "the folder that keeps the run", ".")
    .option("--csv <file>", "also write the table of problems here")
    .option("--out <dir>", "also write report, CSV, JSON and Markdown into this folder")
    .option("--unsafe-no-sandbox", "run without isolation where the check can; every report says so")
    .option("--force", "take the folder over from a process on another machine that cannot be asked")
    .addOption(jsonOption())
    .action(async (dataset, options) => (await import("../commands/eval.ts")).evalCommand(dataset, options));
  evaluation
    .command("compare")
    .summary("compare two evaluations task by task, by an exact paired test")
    .argument("<a>", "a run's id, or the JSON file an evaluation wrote")
    .argument("<b>", "the other one")
    .action(async (a, b, _options, command) =>
      (await import("../commands/eval-compare.ts")).evalCompareCommand(a, b, command.optsWithGlobals()),
    )
    .exitOverride();
}
