import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { NapiConfig } from "@ast-grep/napi";
import { parse } from "yaml";
import { z } from "zod";

const ruleFileSchema = z.strictObject({
  id: z.string().regex(/^[a-z]+-[a-z-]+$/),
  language: z.string(),
  severity: z.enum(["note", "warning", "error"]),
  message: z.string().min(1),
  /** https://ast-grep.github.io/reference/rule.html */
  rule: z.record(z.string(), z.unknown()),
});

/** A syntax-tree rule as its file states it. */
export type SyntaxRule = Omit<z.infer<typeof ruleFileSchema>, "rule"> & { rule: NapiConfig["rule"] };

/** Folders of rule files below this one. */
export type RuleSet = "guardrails";

const loaded = new Map<string, readonly SyntaxRule[]>();

/** The rules for a language, from the files of its folder, sorted by name; none where there is no folder. */
export function loadRules(set: RuleSet, folder: string): readonly SyntaxRule[] {
  const directory = join(import.meta.dirname, set, folder);
  const before = loaded.get(directory);
  if (before !== undefined) return before;
  const rules = readRules(directory);
  loaded.set(directory, rules);
  return rules;
}

function readRules(directory: string): SyntaxRule[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith(".yml"))
    .sort()
    .map((name) => {
      const { rule, ...stated } = ruleFileSchema.parse(parse(readFileSync(join(directory, name), "utf8")));
      return { ...stated, rule: rule as NapiConfig["rule"] };
    });
}
