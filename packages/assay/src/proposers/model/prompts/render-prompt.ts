import { readFileSync } from "node:fs";
import { join } from "node:path";
import { renderTemplate } from "#domain";

/** A line that stands for another file, e.g. `{{> data.v1}}`. */
const inclusion = /^\{\{> ([a-z0-9.-]+)\}\}$/gm;
const depthMax = 3;

const texts = new Map<string, string>();

/**
 * A prompt of this folder, e.g. `repair.v1`, with its parts put in and its variables filled, strictly: a variable too many or too few
 * throws. A file that was released is never changed; what is to be said otherwise gets the next version.
 */
export function renderPrompt(name: string, variables: Readonly<Record<string, string>> = {}): string {
  const known = texts.get(name) ?? withParts(name, 0);
  texts.set(name, known);
  return renderTemplate(known, variables).trim();
}

function withParts(name: string, depth: number): string {
  if (depth > depthMax) throw new Error(`the prompt ${name} is a part of itself`);
  const text = readFileSync(join(import.meta.dirname, `${name}.md`), "utf8");
  return text.trimEnd().replace(inclusion, (_, part: string) => withParts(part, depth + 1));
}
