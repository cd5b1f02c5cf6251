import { type Command, Option } from "commander";
import { guardrailsOption, jsonOption, levelOption } from "./common-options.ts";
import { collect, parseLimit, parseSeconds } from "./parse-options.ts";

/** Adds `assay judge` to the command line. */
export function defineJudge(program: Command): void {
  program
    .command("judge")
    .summary("judge a change that anyone made, on evidence from both sides")
    .description(
      "Runs the tests of base and head in clean checkouts, in a sandbox, and decides by a published table of rules (docs/guides/judge.md).",
    )
    .argument("[dir]", "the project: a git repository, or a folder in one", ".")
    .requiredOption("--base <rev>", "the git revision that the change was made from")
    .option("--head <rev>", "the git revision to judge; default: the working tree as it is")
    .option("--patch <file>", "judge this unified diff against the base instead; - reads standard input")
    .addOption(
      new Option("--expect <kind>", "what the change claims to be; inferred if absent").choices([
        "fix",
        "feature",
        "refactor",
      ]),
    )
    .option("--tests <selector>", "tests that must turn green, in the runner's own syntax; repeatable", collect, [])
    .option("--allow-test-changes", "decide also on a change that edits, deletes or weakens tests, or how they are run")
    .addOption(guardrailsOption())
    .option("--max-unproven <n>", "hunks that may be taken back without a test noticing", parseLimit, 0)
    .addOption(levelOption())
    .option("--max-time <seconds>", "stop after this many seconds; the run can be resumed with more", parseSeconds)
    .option("--sarif <file>", "write what was found as SARIF")
    .option("--markdown <file>", "write a comment for a pull request")
    .option("--unsafe-no-sandbox", "run the project's code without isolation; every report says so")
    .option("--force", "take the project over from a process on another machine that cannot be asked")
    .addOption(jsonOption())
    .action(async (dir, options) => (await import("../commands/judge.ts")).judgeCommand(dir, options));
}
