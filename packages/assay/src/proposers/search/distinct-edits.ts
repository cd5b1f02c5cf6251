import { hash } from "node:crypto";
import { applyReplacement, isWellFormed, languageOf } from "#syntax";
import type { RankedEdit } from "./ranked-edit.ts";

/** An edit that is worth a try, with the file it results in. */
export type Trial = RankedEdit & { rank: number; source: string; result: string };

/**
 * Goes through ranked edits once and leaves out those that result in a file already seen, or in no valid one.
 * The edits before `from` are only remembered, so that going on after a stop repeats nothing.
 */
export function* distinctTrials(
  ranked: readonly RankedEdit[],
  sources: ReadonlyMap<string, string>,
  from: number,
): Generator<Trial> {
  const seen = new Set<string>();
  for (const [file, source] of sources) seen.add(fingerprint(file, source));
  for (const [rank, { edit, score }] of ranked.entries()) {
    const source = sources.get(edit.file);
    if (source === undefined) continue;
    const result = applyReplacement(source, edit);
    const key = fingerprint(edit.file, result);
    if (seen.has(key)) continue;
    seen.add(key);
    if (rank < from) continue;
    const language = languageOf(edit.file);
    if (language === undefined || !isWellFormed(language, result)) continue;
    yield { edit, score, rank, source, result };
  }
}

/** Equal for sources that differ in trailing white space and blank lines alone. */
function fingerprint(file: string, source: string): string {
  return hash("sha1", `${file}\0${source.replace(/[ \t\r]+$/gm, "").replace(/\n{2,}/g, "\n")}`);
}
