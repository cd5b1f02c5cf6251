import type { Command } from "commander";
import { jsonOption } from "./common-options.ts";

/** `assay models`. */
export function defineModels(program: Command): void {
  program
    .command("models")
    .summary("list the language models that can be asked, and what is wrong with those that cannot")
    .description(
      "Asks each configured or named model a question of a few words: whether it answers, keeps to a JSON schema, and how long a prompt may be (docs/guides/models.md).",
    )
    .argument("[names...]", "configured names, or PROVIDER/MODEL; none: all that are configured")
    .option("--no-probe", "ask none of them, only say what is configured")
    .option("--set-key <provider>", "keep the key given on standard input in this machine's keyring")
    .option("--forget-key <provider>", "remove a key from the keyring")
    .addOption(jsonOption())
    .action(async (names, options) => (await import("../commands/models.ts")).modelsCommand(names, options));
}
