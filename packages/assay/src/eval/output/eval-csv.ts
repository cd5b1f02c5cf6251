import type { ProblemEvaluated } from "@assay/sdk";

const columns = [
  "task",
  "sample",
  "outcome",
  "errorType",
  "message",
  "level",
  "calls",
  "cpuMs",
  "wallMs",
  "cpuMsMax",
  "reference",
  "referenceCpuMs",
  "before",
  "visible",
  "rounds",
  "byRound",
  "tokens",
  "tried",
  "proposeMs",
  "costMicroUsd",
] as const satisfies readonly (keyof ProblemEvaluated)[];

/** One line a candidate (RFC 4180). */
export function evalCsv(events: readonly ProblemEvaluated[]): string {
  const rows = events.map((event) => columns.map((column) => cell(event[column])).join(","));
  return `${[columns.join(","), ...rows].join("\r\n")}\r\n`;
}

function cell(value: string | number | readonly string[] | undefined): string {
  if (typeof value === "number") return String(value);
  const text = typeof value === "string" ? value : (value?.join(" ") ?? "");
  // A spreadsheet takes such a text for a formula, and a candidate chooses its error's.
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
