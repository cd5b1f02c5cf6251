import { isWellFormed, type LanguageTable } from "#syntax";
import { type Fix, lineSpan } from "./fix-edit.ts";

/** Lines above the one that the interpreter names: what is missing is often missed only later. */
const linesBefore = 3;
const indentationsAbove = 10;
const wholeFileLinesMax = 400;

/**
 * How much may still be parsed for one question: each try parses its whole file, at some ten million characters a second, and the parser's
 * memory is given back late.
 */
export type ParseAllowance = { charactersLeft: number };

export const parseAllowance = (): ParseAllowance => ({ charactersLeft: 16_000_000 });

/** One bracket, colon, comma, quote or step of indentation more or less, where that makes the file well formed. */
export function syntaxFixes(
  file: string,
  source: string,
  language: LanguageTable,
  line: number | undefined,
  allowance: ParseAllowance = parseAllowance(),
): Fix[] {
  const count = source.split("\n").length;
  const near =
    line === undefined
      ? Array.from({ length: Math.min(count, wholeFileLinesMax) }, (_, index) => count - index)
      : Array.from({ length: linesBefore + 2 }, (_, index) => line + 1 - index);
  const fixes: Fix[] = [];
  // The line that is named comes first, then those above it.
  for (const at of near.sort((a, b) => Math.abs(a - (line ?? count)) - Math.abs(b - (line ?? count)))) {
    const span = lineSpan(source, at);
    if (span === undefined || at < 1) continue;
    const text = source.slice(span.start, span.end);
    for (const changed of [...changedLines(text, language), ...indentations(source, at, text, language)]) {
      const result = source.slice(0, span.start) + changed + source.slice(span.end);
      if (changed === text) continue;
      allowance.charactersLeft -= result.length;
      if (allowance.charactersLeft < 0) return fixes;
      if (isWellFormed(language, result)) {
        fixes.push({ operator: "fix_syntax", file, ...span, text: changed });
      }
    }
  }
  return fixes;
}

function* changedLines(text: string, { indented }: LanguageTable): Iterable<string> {
  const code = text.trimEnd();
  if (code.trim() === "") return;
  if (indented && !code.endsWith(":")) yield `${code}:`;
  for (const close of [")", "]", "}", '"', "'", "`", ",", " {"]) {
    yield code + close;
    // `if f(x:`, `return f(x;`, `[1, 2,`
    if (/[:;,{]$/.test(code))
      yield `${code.slice(0, -1).trimEnd()}${close}${code.endsWith("{") ? " {" : code.slice(-1)}`;
  }
  if (/[)\]}"'`,:;]$/.test(code)) yield code.slice(0, -1);
  for (const [index, character] of [...code].entries()) {
    if (/[()[\]{}]/.test(character)) yield code.slice(0, index) + code.slice(index + 1);
    const [before, after] = [code.slice(0, index + 1), code.slice(index + 1)];
    // Behind a whole word.
    if (/[\w)\]}"']/.test(character) && !/^\w/.test(after)) for (const close of ")]}") yield before + close + after;
  }
  // `if a = b`, `else if`
  yield code.replace(/([^=!<>:+*/%-])=([^=])/, "$1==$2");
  if (indented) yield code.replace(/\belse if\b/, "elif");
}

/** As its neighbours are indented, and one step more or less. */
function* indentations(source: string, line: number, text: string, { indented }: LanguageTable): Iterable<string> {
  if (!indented || text.trim() === "") return;
  const own = /^[ \t]*/.exec(text)?.[0] ?? "";
  const indentAt = (at: number): string | undefined => {
    const span = lineSpan(source, at);
    const other = span && source.slice(span.start, span.end);
    return other === undefined || other.trim() === "" ? undefined : /^[ \t]*/.exec(other)?.[0];
  };
  const step = /\n(\t| {2,8})\S/.exec(source)?.[1] ?? "    ";
  const [above, below] = [indentAt(line - 1), indentAt(line + 1)];
  const further = Array.from({ length: indentationsAbove }, (_, index) => indentAt(line - 2 - index));
  const deeper = above === undefined ? undefined : above + step;
  const wanted = [above, below, deeper, own + step, own.slice(step.length), ...further];
  wanted.push(own.replaceAll("\t", step === "\t" ? "\t" : step));
  for (const indent of new Set(wanted)) {
    if (indent !== undefined && indent !== own) yield indent + text.slice(own.length);
  }
}
