import { writeFile } from "node:fs/promises";
import { forgetLessons, knownMethods, learnedLessons } from "#app";
import { raise } from "#domain";
import { sanitizeLine } from "#report";
import { writeListing, writeResult } from "../output/json.ts";
import { styler } from "../output/style.ts";

export type KnowledgeOptions = { export?: string; reset?: boolean; json?: boolean };

export async function knowledgeCommand(options: KnowledgeOptions): Promise<void> {
  if (options.export !== undefined && options.reset) {
    raise("usage", "--export and --reset are two things", "export first, then reset");
  }
  if (options.export !== undefined) return await exportLessons(options.export, options.json === true);
  if (options.reset) return tell(`Forgot ${attempts(await forgetLessons())}.`, options.json === true);
  const { path, lessons, methods, proposers } = await knownMethods();
  const summary =
    lessons === 0
      ? `Nothing was learned yet (${path}). Every \`assay heal\` adds what it tried; until then the measured seeds count.`
      : `From ${attempts(lessons)} to mend something, kept in ${path}.`;
  if (options.json) {
    for (const method of methods) writeListing({ type: "method-known", ...method });
    for (const proposer of proposers) writeListing({ type: "proposer-known", ...proposer });
    return tell(summary, true);
  }
  if (methods.length > 0) {
    const head = ["language", "failure", "method", "tried", "right", "weight", "seed"];
    const rows = methods.map(({ language, category, method, tried, right, weight, seed }) => [
      ...[language, category, method, tried.toFixed(0), right.toFixed(0), weight.toFixed(2), seed.toFixed(2)],
    ]);
    printTable(head, rows);
  }
  if (proposers.length > 0) {
    const head = ["language", "failure", "proposer", "attempts", "healed", "$ each", "seconds each"];
    const rows = proposers.map(({ language, category, proposer, instance, ...record }) => [
      ...[language, category, instance === undefined ? proposer : `${proposer} ${instance}`],
      ...[record.attempts.toFixed(0), record.healed.toFixed(0)],
      ...[
        (record.costMicroUsd / 1e6 / record.attempts).toFixed(4),
        (record.wallMs / 1000 / record.attempts).toFixed(1),
      ],
    ]);
    printTable(head, rows);
  }
  tell(summary, false);
}

/** Columns of words to the left, of figures to the right. */
function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const style = styler(process.stdout);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column < 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ");
  process.stdout.write(`  ${style("bold", line(head))}\n`);
  for (const row of rows) process.stdout.write(`  ${line(row.map((cell) => sanitizeLine(cell)))}\n`);
  process.stdout.write("\n");
}

async function exportLessons(path: string, json: boolean): Promise<void> {
  const lessons = await learnedLessons();
  const text = lessons.map((lesson) => `${JSON.stringify(lesson)}\n`).join("");
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    raise(
      "usage",
      `cannot write ${path}: ${message}`,
      code === "EEXIST" ? "name a file that is not there yet" : undefined,
    );
  }
  tell(`Wrote ${attempts(lessons.length)} to ${path}.`, json);
}

function attempts(count: number): string {
  return `${count} attempt${count === 1 ? "" : "s"}`;
}

function tell(summary: string, json: boolean): void {
  if (json) writeResult({ type: "result", outcome: "nothing-to-do", exitCode: 0, summary });
  else process.stdout.write(`  ${sanitizeLine(summary)}\n`);
}
