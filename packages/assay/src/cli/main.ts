import { Command, CommanderError } from "commander";
import { jsonOption } from "./definitions/common-options.ts";
import { defineEval } from "./definitions/eval.ts";
import { defineHeal } from "./definitions/heal.ts";
import { defineJudge } from "./definitions/judge.ts";
import { defineModels } from "./definitions/models.ts";
import { collect, parseCount, parsePercent, parseSeconds } from "./definitions/parse-options.ts";
import { withModelBudget } from "./definitions/proposing-options.ts";
import { defineServe } from "./definitions/serve.ts";
import { defineSolve } from "./definitions/solve.ts";
import { defineUpkeep } from "./definitions/upkeep.ts";
import { defineWorker } from "./definitions/worker.ts";
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

  defineHeal(program);
  defineSolve(program);

  program
    .command("audit")
    .summary("show which cheats your own test command would let through")
    .description(
      "Breaks the code so that the command fails, then tries in the sandbox which cheats make it succeed again: assay audit -- npm test",
    )
    .argument("<command...>", "your test command, behind --")
    .option("-C, --dir <dir>", "the project", ".")
    .addOption(jsonOption())
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
    .addOption(jsonOption())
    .action(async (paths, options) => (await import("./commands/mutate.ts")).mutateCommand(paths, options));

  defineJudge(program);
  defineEval(program);

  program
    .command("verify")
    .summary("check a receipt, and the evidence again")
    .argument("<receipt>", "receipt.json or its bundle's folder")
    .option("--in <repo>", "the project the receipt is about")
    .option("--trusted-keys <file>", "public keys (PEM) or key ids to trust instead of your own")
    .option("--rerun", "run the tests again in the sandbox and compare outcomes")
    .addOption(jsonOption())
    .action(async (receipt, options) => (await import("./commands/verify.ts")).verifyCommand(receipt, options));

  program
    .command("runs")
    .summary("list this project's runs")
    .argument("[dir]", "the project", ".")
    .addOption(jsonOption())
    .action(async (dir, options) => (await import("./commands/runs.ts")).runsCommand(dir, options));

  program
    .command("show")
    .summary("show what a run did")
    .argument("<run>", "its id, or `last`")
    .option("-C, --dir <dir>", "the project", ".")
    .option("--steps", "also the keys of its steps, from each of which it can be forked")
    .option("--audit", "the whole trail of decisions: who did what, when, on which evidence; checks every digest")
    .option("--out <file>", "with --audit: write the trail to this file, JSON Lines")
    .option("--texts <dir>", "with --audit: write prompts, questions and answers to this folder, by digest")
    .addOption(jsonOption())
    .action(async (run, options) => (await import("./commands/show.ts")).showCommand(run, options));

  program
    .command("watch")
    .summary("show what runs do, as they do it")
    .description(
      "Shows the events of this project's runs as they are recorded, whoever executes them. With RUN: from its beginning up to its result, whose exit code it has.",
    )
    .argument("[run]", "its id, or `last`; none: all runs, from now on")
    .option("--types <names>", "only events of these types, with commas between them")
    .option("-C, --dir <dir>", "the project", ".")
    .addOption(jsonOption())
    .action(async (run, options) => (await import("./commands/watch.ts")).watchCommand(run, options));

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
    .addOption(jsonOption())
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
    .addOption(jsonOption())
    .action(async (run, options) => (await import("./commands/resume.ts")).resumeCommand(run, options));

  program
    .command("cancel")
    .summary("end a run for good")
    .argument("<run>", "its id, or `last`")
    .option("-C, --dir <dir>", "the project", ".")
    .addOption(jsonOption())
    .action(async (run, options) => (await import("./commands/cancel.ts")).cancelCommand(run, options));

  program
    .command("knowledge")
    .summary("show, export or forget what was learned of which changes heal which failures")
    .option("--export <file>", "write every lesson to a new file, JSON Lines")
    .option("--reset", "forget everything; the measured seeds count again")
    .addOption(jsonOption())
    .action(async (options) => (await import("./commands/knowledge.ts")).knowledgeCommand(options));

  defineModels(program);

  defineServe(program);

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

  defineWorker(program);

  program
    .command("init")
    .summary("write a small configuration from what is detected")
    .argument("[dir]", "the project", ".")
    .option("--force", "replace an existing configuration")
    .addOption(jsonOption())
    .action(async (dir, options) => (await import("./commands/init.ts")).initCommand(dir, options));

  program
    .command("doctor")
    .summary("say what this machine can do and what is missing")
    .option("--fix", "install what is missing; with --journal: save what can be read, after a copy of it was made")
    .option(
      "--journal [dir]",
      "check the journal of a project instead: every run's chain, its evidence, what was left over",
    )
    .option("--crash-points", "list the named crash points")
    .addOption(jsonOption())
    .action(async (options) => (await import("./commands/doctor.ts")).doctorCommand(options));

  defineUpkeep(program);

  for (const command of program.commands) command.exitOverride();
  return program;
}
