import { workerRoleSchema } from "@assay/sdk";
import { type Command, Option } from "commander";
import { jsonOption } from "./common-options.ts";
import { collect, parseCount } from "./parse-options.ts";

/** `assay worker`. */
export function defineWorker(program: Command): void {
  program
    .command("worker")
    .summary("claim tasks of a daemon on another machine and do them in this one's sandbox")
    .description(
      "Connects to `assay serve` and works until it is told to stop (docs/guides/workers.md). The API key, of scope workers, comes from ASSAY_API_KEY or --key-file. On SIGTERM it finishes what it has, or gives it back.",
    )
    .requiredOption("--url <url>", "the daemon, e.g. http://127.0.0.1:8420")
    .addOption(
      new Option("--role <role>", "what it is for").choices(workerRoleSchema.options).default("tester" as const),
    )
    .option("--capability <name>", "what it can do, as tasks ask for it; repeatable", collect, [])
    .option("--name <name>", "what people call it; default: this machine's name")
    .option("--concurrency <n>", "tasks at the same time", parseCount, 1)
    .option("--key-file <file>", "a file with the API key that others cannot read")
    .option(
      "--worker-key <file>",
      "the worker's own key, made where it is missing: a key is a worker, with its grants; default: this user's first for the role that is free",
    )
    .option("--environment <dir>", "a folder of this machine whose installed dependencies the tests may use")
    .option(
      "--proposer <name>",
      "who proposes for a coder: search, model:NAME or agent:NAME of this user's configuration; repeatable, default: search",
      collect,
      [],
    )
    .addOption(jsonOption())
    .action(async (options) => (await import("../commands/worker.ts")).workerCommand(options));
}
