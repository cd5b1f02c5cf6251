import type { LanguageTable, OperatorGroup } from "../language.ts";

/** Groups whose operators replace only their opposite. */
const inPairs: ReadonlySet<OperatorGroup> = new Set(["identity", "membership"]);

/** The operators that may replace `token`: its neighbour first, then those of its group, then those named beside it. */
export function groupTokens(language: LanguageTable, token: string): string[] {
  const entry = language.binary[token];
  if (entry === undefined || entry.group === "other") return [];
  const group = Object.keys(language.binary).filter(
    (other) => language.binary[other]?.group === entry.group && !inPairs.has(entry.group),
  );
  const all = [...(entry.adjacent ? [entry.adjacent] : []), ...group, ...(entry.others ?? [])];
  return [...new Set(all)].filter((other) => other !== token);
}
