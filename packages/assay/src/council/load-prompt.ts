import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Prompts are files; one that is changed gets a new version, so that a record says what was asked. */
export type PromptName = "rank-system.v1" | "rank.v1" | "rank-again.v1";

/** What a record of these questions calls their prompt. */
export const councilPrompt = "council-rank@1";

const loaded = new Map<PromptName, string>();

/** The template, without the line feed that ends its file. */
export function loadPrompt(name: PromptName): string {
  const before = loaded.get(name);
  if (before !== undefined) return before;
  const text = readFileSync(join(import.meta.dirname, "prompts", `${name}.md`), "utf8").replace(/\n$/, "");
  loaded.set(name, text);
  return text;
}
