import type { FencedBlock } from "./fenced-blocks.ts";
import { jsonObjects } from "./json-objects.ts";
import { parseAnswerDocument } from "./parse-document.ts";
import { yamlRuns } from "./yaml-runs.ts";

/** Documents parsed for one answer at most. */
const documentsMax = 12;

export type FoundDocument = { value: unknown; complete: boolean };

/** Words behind the fence of a block that may be the answer itself; others hold code or a diff. */
const dataWords: ReadonlySet<string> = new Set([
  "",
  "json",
  "jsonc",
  "json5",
  "yaml",
  "yml",
  "text",
  "txt",
  "plaintext",
]);

/**
 * What may be the answer in a text, the likeliest first: complete fenced blocks, then objects and keys without a fence, then a block that
 * was never closed; of each the last one first, for models correct themselves. Text that was cut off by the provider (`cut`) has
 * nothing complete at its end but JSON.
 */
export function* documentsIn(
  text: string,
  lines: readonly string[],
  blocks: readonly FencedBlock[],
  cut: boolean,
  keys: ReadonlySet<string>,
): Generator<FoundDocument> {
  let count = 0;
  for (const { source, complete } of sources(text, lines, blocks, cut, keys)) {
    count += 1;
    if (count > documentsMax) return;
    const value = parseAnswerDocument(source);
    if (value !== undefined) yield { value, complete };
  }
}

function* sources(
  text: string,
  lines: readonly string[],
  blocks: readonly FencedBlock[],
  cut: boolean,
  keys: ReadonlySet<string>,
): Generator<{ source: string; complete: boolean }> {
  const data = blocks.filter(({ info }) => dataWords.has(wordOf(info))).reverse();
  for (const block of data) if (block.closed) yield { source: block.text, complete: true };
  const objects = jsonObjects(text);
  for (const { start, end } of objects.toReversed()) yield { source: text.slice(start, end), complete: true };
  const runs = yamlRuns(lines, keys);
  for (const [index, run] of runs.toReversed().entries()) {
    const isLast = index === 0 && text.trimEnd().endsWith(run.trimEnd());
    yield { source: run, complete: !(cut && isLast) };
  }
  for (const block of data) if (!block.closed) yield { source: block.text, complete: !cut };
}

function wordOf(info: string): string {
  const end = info.search(/\W/);
  return (end < 0 ? info : info.slice(0, end)).toLowerCase();
}
