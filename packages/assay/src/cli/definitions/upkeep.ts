import { type Command, Option } from "commander";
import { jsonOption } from "./common-options.ts";
import { parseAge, parseKept } from "./parse-options.ts";

/** What is done to a project's state as a whole. */
export function defineUpkeep(program: Command): void {
  program
    .command("backup")
    .summary("copy a project's state to a new folder, also while it is worked on")
    .description("Copies journal, evidence and artifacts, with SHA256SUMS; no keys (docs/guides/operations.md).")
    .argument("[dir]", "the project", ".")
    .requiredOption("--to <folder>", "a folder that does not exist yet")
    .addOption(jsonOption())
    .action(async (dir, options) => (await import("../commands/backup.ts")).backupCommand(dir, options));

  program
    .command("restore")
    .summary("make a project's state of a backup, after all of it was verified")
    .argument("<backup>", "a folder that assay backup made")
    .requiredOption("--to <dir>", "the project, which must have no .assay")
    .addOption(jsonOption())
    .action(async (backup, options) => (await import("../commands/backup.ts")).restoreCommand(backup, options));

  program
    .command("prune")
    .summary("remove runs that ended long ago, and what nothing refers to any more")
    .description(
      "Runs that wait, and runs whose receipt lies where it was written, stay. Nothing may run meanwhile: stop a daemon first.",
    )
    .argument("[dir]", "the project", ".")
    .addOption(
      new Option("--older-than <age>", "only runs whose last event is so old: 90m, 12h, 30d, 2w")
        .argParser(parseAge)
        .default(parseAge("30d"), "30d"),
    )
    .option("--keep-last <n>", "keep so many of the newest runs, whatever their age", parseKept, 20)
    .option("--receipts-too", "also runs with a receipt; bundles that were copied elsewhere stay valid")
    .option("--dry-run", "remove nothing, say what would be")
    .addOption(jsonOption())
    .action(async (dir, options) => (await import("../commands/prune.ts")).pruneCommand(dir, options));
}
