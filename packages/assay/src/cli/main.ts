import { Command, CommanderError, Option } from "commander";
import { defineModels } from "./definitions/models.ts";
import {
  collect,
  parseCount,
  parseLimit,
  parsePercent,
  parseSeconds,
  parseSeed,
  parseTemperature,
} from "./definitions/parse-options.ts";
import { withModelBudget, withProposingOptions } from "./definitions/proposing-options.ts";
import { defineSolve } from "./definitions/solve.ts";
import { onLostOutput } from "./output/lost-output.ts";

/** Runs the command line; sets `process.exitCode` and never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  const json = argv.includes("--json");
  const program = buildProgram();
  concludeDefects(json);
  let lost: number | undefined;
  // Kept to the end of the process: what is printed last may be what cannot be printed.
  onLostOutput(({ code, message }) => {
    lost = code === "EPIPE" ? interruptedExitCode : brokenExitCode;
    process.exitCode = lost;
    // Where it was stdout that failed, stderr may still be read.
    if (code !== "EPIPE") process.stderr.write(`assay: cannot print: ${message}\n`);
  });
  try {
    if (argv[0] === "-V" || argv[0] === "--version") {
      process.stdout.write(`${(await import("#app")).assayVersion()}\n`);
      return;
    }
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed its message; help and version are no errors.
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      if (json && error.exitCode !== 0) {
        process.exitCode = await failure({ code: "usage", message: error.message.replace(/^error: /, "") }, true);
      }
    } else {
      process.exitCode = await failure(error, json);
    }
  }
  // Whoever asked has not got the answer, whatever it was.
  if (lost !== undefined) process.exitCode = lost;
}

/** As after Ctrl-C. */
const interruptedExitCode = 130;
/** As of a defect, and of anything around Assay that does not work. */
const brokenExitCode = 4;

async function failure(error: unknown, json: boolean): Promise<number> {
  return (await import("./output/failure.ts")).reportFailure(error, json);
}

/** What nobody caught is a defect and says so: Node's own exit code 1 would stand for a rejected change. */
function concludeDefects(json: boolean): void {
  let concluding = false;
  // Node gives rejections that nobody handles to this, too.
  process.on("uncaughtException", (error) => {
    // What breaks while it is being told follows from the first one.
    if (concluding) return;
    concluding = true;
    void failure(error, json)
      .catch(() => brokenExitCode)
      .then((exitCode) => process.exit(exitCode));
  });
}

/** Commands load their code when they run, and failures theirs when there is one: all of Assay takes longer to load than help may. */
function buildProgram(): Command {
  const program = new Command("assay")
    .description("Changes code on its own and accepts a change only on evidence.")
    .option("-V, --version", "print the version")
    .exitOverride()
    .showHelpAfterError("(assay --help lists the commands)")
    .configureHelp({ sortSubcommands: false });
  const json = () => new Option("--json", "print JSON Lines on stdout; logs go to stderr");

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
    .option("--unsafe-no-sandbox", "run the project's code without isolation; every report says so")
    .option("--force", "take the project over from a process on another machine that cannot be asked")
    .addOption(json())
    .action(async (dir, options) => (await import("./commands/heal.ts")).healCommand(dir, options));

  defineSolve(program);

  program
    .command("audit")
    .summary("show which cheats your own test command would let through")
    .description(
      "Breaks the code so that the command fails, then tries in the sandbox which cheats make it succeed again: assay audit -- npm test",
    )
    .argument("<command...>", "your test command, behind --")
    .option("-C, --dir <dir>", "the project", ".")
    .addOption(json())
    .action(async (command, options) => (await import("./commands/audit.ts")).auditCommand(command, options));

  program
    .command("mutate")
    .summary("test the tests: which small faults in the code do they notice?")
    .description(
      "Puts small faults into the sources, one at a time, and runs in the sandbox the tests that execute them. What no test notices is shown.",
    )
    .argument("[paths...]", "source files or folders, relative to the project; none: all")
    .option("-C, --dir <dir>", "the project", ".")
    .option("--since <rev>", "only lines added or changed since this git revision")
    .option("--tests <selector>", "only these tests, in the runner's own syntax; repeatable", collect, [])
    .option("--max <n>", "try at most this many, a sample spread over all lines", parseCount, 2000)
    .option("--min-score <percent>", "exit with 1 when fewer are noticed", parsePercent)
    .option("--report <file>", "also write .html, or .json in Stryker's schema; repeatable", collect, [])
    .option("--force", "try again what earlier runs tried on the same content")
    .addOption(json())
    .action(async (paths, options) => (await import("./commands/mutate.ts")).mutateCommand(paths, options));

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
    .addOption(
      new Option("--guardrails <policy>", "what to do about added code that a rule flags")
        .choices(["off", "warn", "block"])
        .default("warn"),
    )
    .option("--max-unproven <n>", "hunks that may be taken back without a test noticing", parseLimit, 0)
    .addOption(levelOption())
    .option("--max-time <seconds>", "stop after this many seconds; the run can be resumed with more", parseSeconds)
    .option("--sarif <file>", "write what was found as SARIF")
    .option("--markdown <file>", "write a comment for a pull request")
    .option("--unsafe-no-sandbox", "run the project's code without isolation; every report says so")
    .option("--force", "take the project over from a process on another machine that cannot be asked")
    .addOption(json())
    .action(async (dir, options) => (await import("./commands/judge.ts")).judgeCommand(dir, options));

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
    .addOption(json())
    .action(async (dataset, options) => (await import("./commands/eval.ts")).evalCommand(dataset, options));
  evaluation
    .command("compare")
    .summary("compare two evaluations task by task, by an exact paired test")
    .argument("<a>", "a run's id, or the JSON file an evaluation wrote")
    .argument("<b>", "the other one")
    .action(async (a, b, _options, command) =>
      (await import("./commands/eval-compare.ts")).evalCompareCommand(a, b, command.optsWithGlobals()),
    )
    .exitOverride();

  program
    .command("verify")
    .summary("check a receipt, and the evidence again")
    .argument("<receipt>", "receipt.json or its bundle's folder")
    .option("--in <repo>", "the project the receipt is about")
    .option("--trusted-keys <file>", "public keys (PEM) or key ids to trust instead of your own")
    .option("--rerun", "run the tests again in the sandbox and compare outcomes")
    .addOption(json())
    .action(async (receipt, options) => (await import("./commands/verify.ts")).verifyCommand(receipt, options));

  program
    .command("runs")
    .summary("list this project's runs")
    .argument("[dir]", "the project", ".")
    .addOption(json())
    .action(async (dir, options) => (await import("./commands/runs.ts")).runsCommand(dir, options));

  program
    .command("show")
    .summary("show what a run did")
    .argument("<run>", "its id, or `last`")
    .option("-C, --dir <dir>", "the project", ".")
    .option("--audit", "the whole trail of decisions: who did what, when, on which evidence; checks every digest")
    .option("--out <file>", "with --audit: write the trail to this file, JSON Lines")
    .option("--texts <dir>", "with --audit: write prompts, questions and answers to this folder, by digest")
    .addOption(json())
    .action(async (run, options) => (await import("./commands/show.ts")).showCommand(run, options));

  program
    .command("approve")
    .summary("approve, or reject, the proven change of a run that waits for it")
    .argument("<run>", "its id, or `last`")
    .option("--by <name>", "who you are; default: your account's name")
    .option("--reject", "decide against it: the change stays proven and is not applied")
    .option("--note <text>", "why; kept with the decision")
    .option("--resume", "go on with the run at once")
    .option("-C, --dir <dir>", "the project", ".")
    .option("--unsafe-no-sandbox", "with --resume: run the project's code without isolation; every report says so")
    .addOption(json())
    .action(async (run, options) => (await import("./commands/approve.ts")).approveCommand(run, options));

  withModelBudget(program.command("resume"))
    .summary("go on with a run that was interrupted or paused, or apply what it proved")
    .argument("[run]", "its id, or `last`", "last")
    .option("-C, --dir <dir>", "the project", ".")
    .option("--apply", "write the patch of a finished, accepted run to the project, if it is still as it was")
    .option("--wait <seconds>", "wait so long for a person's answer before the run pauses", parseSeconds)
    .option("--max-time <seconds>", "allow this many seconds more", parseSeconds)
    .option("--max-attempts <n>", "judge at most this many candidates more", parseCount)
    .option("--unsafe-no-sandbox", "run the project's code without isolation; every report says so")
    .option("--force", "take the project over from a process on another machine that cannot be asked")
    .addOption(json())
    .action(async (run, options) => (await import("./commands/resume.ts")).resumeCommand(run, options));

  program
    .command("cancel")
    .summary("end a run for good")
    .argument("<run>", "its id, or `last`")
    .option("-C, --dir <dir>", "the project", ".")
    .addOption(json())
    .action(async (run, options) => (await import("./commands/cancel.ts")).cancelCommand(run, options));

  program
    .command("knowledge")
    .summary("show, export or forget what was learned of which changes heal which failures")
    .option("--export <file>", "write every lesson to a new file, JSON Lines")
    .option("--reset", "forget everything; the measured seeds count again")
    .addOption(json())
    .action(async (options) => (await import("./commands/knowledge.ts")).knowledgeCommand(options));

  defineModels(program);

  program
    .command("mcp")
    .summary("serve agents that call Assay, by the Model Context Protocol over stdio")
    .description(
      "Serves heal, judge, verify and what goes with them to an agent on standard input and output (docs/guides/mcp.md). The agent may work on projects below --root only.",
    )
    .option("--root <dir>", "a folder that projects may be in; repeatable; default: the current one", collect, [])
    .option("--allow-apply", "let the agent have accepted patches written to a project")
    .option("--trusted-keys <file>", "public keys (PEM) or key ids that verify trusts instead of your own")
    .action(async (options) => (await import("./commands/mcp.ts")).mcpCommand(options));

  program
    .command("init")
    .summary("write a small configuration from what is detected")
    .argument("[dir]", "the project", ".")
    .option("--force", "replace an existing configuration")
    .addOption(json())
    .action(async (dir, options) => (await import("./commands/init.ts")).initCommand(dir, options));

  program
    .command("doctor")
    .summary("say what this machine can do and what is missing")
    .option("--fix", "install what is missing")
    .option("--crash-points", "list the named crash points")
    .addOption(json())
    .action(async (options) => (await import("./commands/doctor.ts")).doctorCommand(options));

  for (const command of program.commands) command.exitOverride();
  return program;
}

function levelOption(): Option {
  return new Option("--min-level <level>", "what a verdict needs at least").choices([
    "in-process",
    "controlled",
    "out-of-process",
  ]);
}
