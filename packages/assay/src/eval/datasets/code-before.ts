import type { FunctionLanguage } from "#ports";

/** What stands before the last definition of a function: imports and helpers, which its tests may call, too. Empty without a definition. */
export function codeBefore(source: string, name: string, language: FunctionLanguage): string {
  const plain = name.replaceAll("$", "\\$");
  const definition =
    language === "python"
      ? new RegExp(`^(?:async )?def ${plain}\\b`, "gm")
      : new RegExp(`^(?:export )?(?:(?:async )?function\\*? ?|const |let |var )${plain}\\b`, "gm");
  const last = [...source.matchAll(definition)].at(-1);
  if (last === undefined) return "";
  const before = source.slice(0, last.index);
  // A decorator belongs to the function: left behind alone it is no code.
  return language === "python" ? before.replace(/(?:^@[^\n]*\n\s*)+$/m, "") : before;
}
