import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { renderPrompt } from "./render-prompt.ts";

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".md"))
  .map((file) => file.slice(0, -".md".length));

/** Its variables, those of its parts too. */
function variablesOf(name: string): string[] {
  const text = readFileSync(join(import.meta.dirname, `${name}.md`), "utf8");
  const parts = [...text.matchAll(/^\{\{> ([a-z0-9.-]+)\}\}$/gm)].flatMap(([, part = ""]) => variablesOf(part));
  return [...parts, ...[...text.matchAll(/\{\{([a-z_]+)\}\}/g)].map(([, variable = ""]) => variable)];
}

describe.each(names)("the prompt %s", (name) => {
  const variables = Object.fromEntries(variablesOf(name).map((variable) => [variable, `<${variable}>`]));

  test("has a version, and is rendered with its variables alone", () => {
    expect(name).toMatch(/^[a-z-]+\.v\d+$/);
    const text = renderPrompt(name, variables);
    expect(text).not.toMatch(/\{\{|\}\}/);
    for (const value of Object.values(variables)) expect(text).toContain(value);
    expect(() => renderPrompt(name, { ...variables, more: "x" })).toThrow("no place for more");
  });
});

test("a prompt without one of its variables is not rendered", () => {
  expect(() => renderPrompt("repair.v1", { goal: "x" })).toThrow("wants");
});
