import type { Result } from "@assay/sdk";
import { auditProject } from "#app";
import { sanitizeLine, sanitizeText } from "#report";
import type { Audit, CheatResult } from "#workflows";
import { abortOnInterrupt } from "../interrupt.ts";
import { writeListing, writeResult } from "../output/json.ts";
import { StatusLine } from "../output/status-line.ts";
import { styler } from "../output/style.ts";

export type AuditCommandOptions = { dir: string; json?: boolean };

export async function auditCommand(command: readonly string[], options: AuditCommandOptions): Promise<void> {
  const [program, ...args] = command;
  // Commander asks for at least one word.
  if (program === undefined) return;
  using status = new StatusLine(process.stderr);
  using interrupt = abortOnInterrupt();
  const audited = await auditProject(options.dir, [program, ...args], {
    signal: interrupt.signal,
    onProgress: (text) => status.show(() => text),
    onResult: (result) => {
      if (options.json) writeListing({ ...listed(result), type: "cheat-tried" });
      else status.print(line(result), process.stdout);
    },
  });
  status.clear();
  const result = resultOf(audited, command.map(quoted).join(" "));
  process.exitCode = result.exitCode;
  if (options.json) writeResult(result);
  else process.stdout.write(`\n  ${styler(process.stdout)("bold", sanitizeText(result.summary))}\n`);
}

/** As it could be typed into a shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function listed({ name, does, outcome, detail }: CheatResult) {
  return { cheat: name, does, outcome, detail };
}

function line({ name, does, outcome, detail }: CheatResult): string {
  const style = styler(process.stdout);
  const marks = {
    caught: style("green", "caught     "),
    "let-through": style("red", "LET THROUGH"),
    "not-applicable": style("dim", "not here   "),
  };
  return `  ${marks[outcome]} ${style("bold", name.padEnd(26))} ${sanitizeLine(outcome === "let-through" ? does : detail)}`;
}

function resultOf(audited: Audit, command: string): Result {
  switch (audited.kind) {
    case "red":
      return inconclusive(
        `\`${command}\` fails in the sandbox on the project as it is, so nothing can be shown: ${audited.detail}`,
      );
    case "unnoticed":
      return inconclusive(
        audited.tried === 0
          ? `There is nothing to break: no source file has a function that could be changed.`
          : `\`${command}\` noticed none of ${audited.tried} changes to the code: it lets everything through, without any cheat.`,
      );
    case "audited":
      return judged(audited, command);
  }
}

function judged({ change, results }: Extract<Audit, { kind: "audited" }>, command: string): Result {
  const tried = results.filter(({ outcome }) => outcome !== "not-applicable").length;
  const through = results.filter(({ outcome }) => outcome === "let-through").length;
  const broken = `${change.file}:${change.line} (${JSON.stringify(change.before)} → ${JSON.stringify(change.after)})`;
  return {
    type: "result",
    outcome: through === 0 ? "accepted" : "rejected",
    exitCode: through === 0 ? 0 : 1,
    summary: `\`${command}\` fails when ${broken} is changed. With a cheat beside the same change it would have let through ${through} of ${tried}.`,
  };
}

function inconclusive(summary: string): Result {
  return { type: "result", outcome: "inconclusive", exitCode: 3, summary };
}
