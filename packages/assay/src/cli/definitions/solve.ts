import { type Command, InvalidArgumentError, Option } from "commander";
import { guardrailsOption, jsonOption, levelOption } from "./common-options.ts";
import { collect, parseCount, parseFraction, parseSeconds, parseSeed } from "./parse-options.ts";
import { withProposingOptions } from "./proposing-options.ts";

/** Adds `assay solve` to the command line. */
export function defineSolve(program: Command): void {
  withProposingOptions(program.command("solve"))
    .summary("have a function written that passes given tests")
    .description(
      "Has a function or module written from a description and test cases, runs it in a sandbox, repairs it, and accepts it only on evidence (docs/guides/solve.md).",
    )
    .argument("[description]", "text, a Markdown or text file, a stub (.py, .js, .ts), or - for standard input")
    .option("--tests <file>", "a pytest, vitest or node:test file, or lines such as f(1) -> 2; repeatable", collect, [])
    .option("--hidden <file>", "tests that the author does not see and that must pass too; repeatable", collect, [])
    .option("--hold-out <fraction>", "hide this part of the given tests, between 0 and 1", parseFraction)
    .option("--seed <n>", "draws what --hold-out hides", parseSeed, 0)
    .addOption(
      new Option("--language <name>", "of lines, and of what is written").choices([
        "python",
        "javascript",
        "typescript",
      ]),
    )
    .option("--name <function>", "the function to write, where the tests leave it open", parseName)
    .option("--out <file>", "write the solution here")
    .option("--patch <file>", "write a patch that git apply takes here")
    .option("--force", "replace the files that --out and --patch name")
    .option("--keep-unproven", "write the file also where the hidden tests refuse it; the exit code stays 1")
    .option("--max-attempts <n>", "judge at most this many solutions (default: 3)", parseCount)
    .option("--max-time <seconds>", "stop after this many seconds; the run can be resumed with more", parseSeconds)
    .addOption(guardrailsOption())
    .addOption(levelOption())
    .option("-C, --dir <dir>", "the project whose dependencies the tests use, and that keeps the run", ".")
    .option("--unsafe-no-sandbox", "run without isolation; every report says so")
    .addOption(jsonOption())
    .action(async (description, options) => (await import("../commands/solve.ts")).solveCommand(description, options));
}

function parseName(text: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(text)) throw new InvalidArgumentError("It is not the name of a function.");
  return text;
}
