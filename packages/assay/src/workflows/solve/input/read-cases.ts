import { type LanguageTable, languageOf } from "#syntax";
import { type Expression, namesIn, readExpression } from "./expression.ts";
import { isKnownException, knownNames } from "./known-names.ts";

/** One line `input -> output` of a file of cases. */
export type CaseLine = {
  /** 1-based. */
  line: number;
  call: string;
  /** What the call gives, or the exception it ends with. */
  expected: { kind: "value"; text: string; identity: boolean } | { kind: "raises"; exception: string };
  /** Names that the line needs of the solution. */
  names: readonly string[];
};

export type CasesRead =
  | { kind: "read"; cases: readonly CaseLine[] }
  | { kind: "refused"; line: number; message: string };

export type CaseLanguage = "python" | "javascript";

const linesMax = 10_000;
const lineCharactersMax = 100_000;

/**
 * Reads lines such as `f(1, [2]) -> 3`, also with `→` or `=>`, and `f(0) -> raises ValueError`; empty lines and those that begin
 * with `#` are left out. Nothing is evaluated: both sides are parsed, and may name nothing but literals, a few constructors
 * and what they call. The first line that cannot be read is refused, with the reason.
 */
export function readCases(text: string, language: CaseLanguage): CasesRead {
  const table = languageOf(language === "python" ? "a.py" : "a.js");
  if (table === undefined) throw new Error(`no grammar for ${language}`);
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
  if (lines.length > linesMax) return { kind: "refused", line: linesMax, message: `more than ${linesMax} lines` };
  const cases: CaseLine[] = [];
  for (const [index, whole] of lines.entries()) {
    const line = whole.trim();
    if (line === "" || line.startsWith("#")) continue;
    const read = line.length > lineCharactersMax ? "the line is too long" : readLine(line, language, table);
    if (typeof read === "string") return { kind: "refused", line: index + 1, message: read };
    cases.push({ line: index + 1, ...read });
  }
  return cases.length === 0
    ? { kind: "refused", line: lines.length, message: "there is no case in it" }
    : { kind: "read", cases };
}

/** A case, or what is wrong with it. */
function readLine(line: string, language: CaseLanguage, table: LanguageTable): Omit<CaseLine, "line"> | string {
  const arrows = [...line.matchAll(/->|→|=>/g)];
  if (arrows.length === 0) return "there is no -> between what is called and what it gives";
  let complaint: string | undefined;
  // An arrow may also stand in a text or belong to a function: the first that has a call before and a value behind it counts.
  for (const { index, 0: arrow } of arrows) {
    const read = readSides(line.slice(0, index), line.slice(index + arrow.length), language, table);
    if (typeof read !== "string") return read;
    complaint ??= read;
  }
  return complaint ?? "it cannot be read";
}

function readSides(
  left: string,
  right: string,
  language: CaseLanguage,
  table: LanguageTable,
): Omit<CaseLine, "line"> | string {
  const call = readExpression(table, left);
  if (call === undefined) return `${said(left)} is not one expression of ${language}`;
  const needed = checkNames(call, language);
  if (typeof needed === "string") return needed;
  if (needed.length === 0) return `${said(left)} calls no function`;
  const raised = /^\s*(?:raises|throws)\b\s*(.*)$/.exec(right)?.[1]?.trim();
  if (raised !== undefined) {
    if (!/^[A-Za-z_]\w*$/.test(raised)) return `after raises comes the name of an exception, not ${said(raised)}`;
    const own = isKnownException(raised, language) ? [] : [raised];
    return { call: call.text, expected: { kind: "raises", exception: raised }, names: [...needed, ...own] };
  }
  const value = readExpression(table, right);
  if (value === undefined) return `${said(right)} is not one expression of ${language}`;
  const built = checkNames(value, language);
  if (typeof built === "string") return built;
  if (["lambda", "arrow_function", "function_expression"].includes(value.node.kind)) return "a function equals nothing";
  const identity = ["true", "false", "null"].includes(value.node.shape);
  const names = [...new Set([...needed, ...built])];
  return { call: call.text, expected: { kind: "value", text: value.text, identity }, names };
}

/** What the expression needs of the solution, or which name nobody knows. */
function checkNames(expression: Expression, language: CaseLanguage): string[] | string {
  const { called, read } = namesIn(expression);
  const known = knownNames[language];
  const unknown = read.find((name) => !known.has(name));
  if (unknown !== undefined) return `nothing is known of ${said(unknown)}: write it as a literal of ${language}`;
  return called.filter((name) => !known.has(name));
}

function said(text: string): string {
  const trimmed = text.trim();
  return JSON.stringify(trimmed.length > 60 ? `${trimmed.slice(0, 60)}…` : trimmed);
}
