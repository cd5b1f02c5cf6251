import { type Command, Option } from "commander";
import { collect, parseCount, parsePort } from "./parse-options.ts";

/** As `openLog` knows them; its code is loaded when it is needed. */
const logLevels = ["error", "warn", "info", "debug", "silent"];

/** Adds `assay serve` to the command line. */
export function defineServe(program: Command): void {
  program
    .command("serve")
    .summary("own a project as a daemon: an API, live events, and the command line through it")
    .description(
      "Serves a project's runs over REST and server-sent events until it is stopped (docs/guides/serve.md). While it runs, the other commands use it.",
    )
    .argument("[dir]", "the project", ".")
    .option("--port <n>", "0: a free one", parsePort, 8420)
    .option("--host <address>", "the address to listen at; beyond loopback keys are needed", "127.0.0.1")
    .option("--runs-max <n>", "runs at the same time", parseCount, 2)
    .option("--queued-max <n>", "runs that may wait for their turn", parseCount, 100)
    .option("--allow-host <name>", "a name that clients call this machine by; repeatable", collect, [])
    .option("--allow-origin <origin>", "whose pages may ask too; repeatable", collect, [])
    .option("--tls-in-front", "a proxy in front speaks TLS: cookies and origins are those of https")
    .addOption(new Option("--log-level <level>", "what is told on stderr, as JSON").choices(logLevels).default("info"))
    .action(async (dir, options) => (await import("../commands/serve.ts")).serveCommand(dir, options));
}
