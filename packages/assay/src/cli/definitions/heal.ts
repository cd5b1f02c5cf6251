import { testersSchema } from "@assay/sdk";
import { type Command, Option } from "commander";
import { jsonOption, levelOption } from "./common-options.ts";
import { collect, parseCount, parseSeconds } from "./parse-options.ts";
import { withProposingOptions } from "./proposing-options.ts";

/** Adds `assay heal` to the command line. */
export function defineHeal(program: Command): void {
  withProposingOptions(program.command("heal"))
    .summary("find and prove a fix for failing tests")
    .description(
      "Runs the project's tests in a sandbox, searches for a change that turns the failing ones green, and proves it.",
    )
    .argument("[dir]", "the project", ".")
    .option("--tests <selector>", "heal only these tests, in the runner's own syntax; repeatable", collect, [])
    .option("--since <rev>", "also try taking back hunks changed since this git revision")
    .option("--apply", "write an accepted patch to the project, if it is still as it was")
    .addOption(
      new Option("--approve <when>", "apply an accepted patch when somebody has approved it").choices(["before-apply"]),
    )
    .option("--wait <seconds>", "wait so long for a person's answer before the run pauses", parseSeconds)
    .option("--max-time <seconds>", "stop after this many seconds; the run can be resumed with more", parseSeconds)
    .option("--max-attempts <n>", "judge at most this many candidates", parseCount)
    .addOption(levelOption())
    .addOption(
      new Option(
        "--testers <who>",
        "who makes the first of a candidate's two runs: this machine, or trusted testers of `assay serve`",
      ).choices(testersSchema.options),
    )
    .option("--unsafe-no-sandbox", "run the project's code without isolation; every report says so")
    .option("--force", "take the project over from a process on another machine that cannot be asked")
    .addOption(jsonOption())
    .action(async (dir, options) => (await import("../commands/heal.ts")).healCommand(dir, options));
}
