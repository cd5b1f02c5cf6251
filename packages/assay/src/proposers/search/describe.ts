import { operatorTitles } from "#syntax";
import type { Trial } from "./trials.ts";

const quotedMax = 60;

/** E.g. ``replace `<` by `<=` in src/cart.py line 12 (comparison, adjacent)``. */
export function describeTrial({ edit, source }: Pick<Trial, "edit" | "source">): string {
  if (edit.both) return edit.both.map((one) => describeTrial({ edit: one, source })).join(" and ");
  const where = `in ${edit.file} line ${edit.line} (${operatorTitles[edit.operator]})`;
  const [before, after] = [source.slice(edit.start, edit.end).trim(), edit.replacement.trim()];
  if (before === after) return `indent ${quoted(after)} otherwise ${where}`;
  if (before === "") return `insert ${quoted(after)} ${where}`;
  if (after === "") return `delete ${quoted(before)} ${where}`;
  return `replace ${quoted(before)} by ${quoted(after)} ${where}`;
}

function quoted(text: string): string {
  const line = text.replace(/\s+/g, " ").replaceAll("`", "'");
  return `\`${line.length > quotedMax ? `${line.slice(0, quotedMax - 1)}…` : line}\``;
}
