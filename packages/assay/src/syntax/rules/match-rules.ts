import { nativeRoot } from "../grammar.ts";
import type { LanguageTable } from "../language.ts";
import { sourceCharactersMax } from "../parse.ts";
import { loadRules, type RuleSet, type SyntaxRule } from "./load-rules.ts";

/** A place where a rule matches; line and column from 1, in UTF-16 code units. */
export type RuleMatch = { rule: SyntaxRule; line: number; column: number; lineEnd: number; text: string };

export type RuleMatches =
  | { kind: "matched"; matches: RuleMatch[] }
  /** Not looked at: longer than `sourceCharactersMax`. */
  | { kind: "too-long" };

/**
 * All places where a rule of the set matches, in source order, outermost only for each rule. Where the source has syntax errors,
 * what can be read of it is matched.
 */
export function matchRules(set: RuleSet, language: LanguageTable, source: string): RuleMatches {
  if (source.length > sourceCharactersMax) return { kind: "too-long" };
  const root = nativeRoot(language.grammar, source);
  const matches: RuleMatch[] = [];
  for (const rule of loadRules(set, ruleFolder(language))) {
    let covered = -1;
    for (const node of root.findAll({ rule: rule.rule })) {
      const { start, end } = node.range();
      if (start.index < covered) continue;
      covered = end.index;
      const at = { line: start.line + 1, column: start.column + 1, lineEnd: end.line + 1 };
      matches.push({ rule, ...at, text: node.text() });
    }
  }
  return { kind: "matched", matches: matches.sort((a, b) => a.line - b.line || a.column - b.column) };
}

/** TypeScript's tree has JavaScript's shapes for all that rules speak of. */
function ruleFolder({ name }: LanguageTable): string {
  return name === "python" ? "python" : "javascript";
}
