import { readFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { applyReplacement, generateReplacements, languageOf, parseSource, type Replacement } from "#syntax";
import { runCommand } from "./run-command.ts";
import type { AuditTools, Break, Subject } from "./subject.ts";

const filesMax = 4;
const triesMax = 12;

/** A change to a source file that the command fails on, twice; else how many were tried. */
export async function findBreak(tools: AuditTools, subject: Subject): Promise<Break | { tried: number }> {
  let tried = 0;
  const queues = await Promise.all((await filesByMention(subject)).map((file) => changesOf(subject, file)));
  // In turns, so that one file that no test touches does not use up all tries.
  for (let round = 0; round < triesMax && tried < triesMax; round++) {
    for (const queue of queues) {
      const change = queue[round];
      if (change === undefined || tried >= triesMax) continue;
      tried += 1;
      tools.progress(`looking for a change that the command notices: ${tried}`);
      const edit = { kind: "rewrite" as const, path: change.file, content: change.broken };
      if ((await runCommand(tools, subject, [edit])).kind === "green") continue;
      // A command that fails by chance would be taken for one that was cheated.
      if ((await runCommand(tools, subject, [edit])).kind === "red") return change;
    }
  }
  return { tried };
}

/** Source files, those first that tests name. */
async function filesByMention({ snapshot, profile }: Subject): Promise<string[]> {
  const tests = await Promise.all(
    profile.oracleFiles
      .filter((file) => languageOf(file) !== undefined)
      .map((file) => readFile(join(snapshot.directory, file), "utf8")),
  );
  const mentions = (file: string) => {
    const stem = basename(file, extname(file));
    return tests.filter((text) => text.includes(stem)).length;
  };
  const counted = profile.sourceFiles.map((file) => ({ file, count: mentions(file) }));
  return counted
    .sort((a, b) => b.count - a.count)
    .slice(0, filesMax)
    .map(({ file }) => file);
}

/** Changes spread over the functions of a file, likely ones of each first. */
async function changesOf({ snapshot }: Subject, file: string): Promise<Break[]> {
  const language = languageOf(file);
  const source = await readFile(join(snapshot.directory, file), "utf8");
  const parsed = language === undefined ? undefined : parseSource(language, source);
  if (parsed?.kind !== "parsed") return [];
  const byLine = new Map<number, Replacement>();
  for (const change of generateReplacements(parsed.tree, file, ({ atLoad }) => !atLoad)) {
    const known = byLine.get(change.statementLine);
    if (!change.insertion && (known === undefined || change.prior > known.prior)) {
      byLine.set(change.statementLine, change);
    }
  }
  const changes = [...byLine.values()];
  const step = Math.max(1, Math.floor(changes.length / triesMax));
  return changes
    .filter((_, index) => index % step === 0)
    .map((change) => ({
      file,
      line: change.line,
      before: source.slice(change.start, change.end),
      after: change.replacement,
      broken: applyReplacement(source, change),
    }));
}
