import { distance } from "fastest-levenshtein";
import { occurrencesOf } from "#syntax";
import { shownText } from "../context/shown-text.ts";

/** Places named in one message. */
const placesMax = 10;
/** Lines compared to find the one that was meant, and characters of each. */
const linesMax = 20_000;
const lineCharactersMax = 200;

/** Of a text that must occur in a file exactly once. */
type Occurrence = { kind: "once" } | { kind: "problem"; problem: string };

/** Whether `wanted` occurs exactly once, and what to do where it does not. Both with bare line feeds. */
export function occurrenceOf(file: string, text: string, wanted: string): Occurrence {
  const places = occurrencesOf(text, wanted);
  if (places.length === 1) return { kind: "once" };
  if (places.length === 0)
    return { kind: "problem", problem: `old_str does not occur in ${file}${hint(text, wanted)}` };
  const named = linesAt(text, places.slice(0, placesMax)).join(", ");
  const more = places.length > placesMax ? ", …" : "";
  const problem = `old_str occurs ${places.length} times in ${file} (lines ${named}${more}): add lines around it so that it occurs exactly once`;
  return { kind: "problem", problem };
}

/** 1-based lines of ascending offsets, found in one pass. */
function linesAt(text: string, offsets: readonly number[]): number[] {
  let [line, at] = [1, 0];
  return offsets.map((offset) => {
    for (; at < offset; at += 1) if (text[at] === "\n") line += 1;
    return line;
  });
}

function hint(text: string, wanted: string): string {
  const lines = wanted.split("\n").filter((line) => line.trim() !== "");
  if (lines.length > 0 && lines.every((line) => /^\s{0,12}\d{1,6}[|:]/.test(line.slice(0, 24)))) {
    return ": it has line numbers, which are not part of the file";
  }
  const own = text.split("\n", linesMax);
  const known = new Set(own);
  const missing = lines.find((line) => !known.has(line)) ?? lines[0] ?? "";
  const target = missing.trim().slice(0, lineCharactersMax);
  let nearest: { at: number; off: number } | undefined;
  for (const [at, line] of own.entries()) {
    const trimmed = line.trim().slice(0, lineCharactersMax);
    // As many letters too many or too few are at least as far off.
    if (trimmed === "" || Math.abs(trimmed.length - target.length) >= (nearest?.off ?? target.length)) continue;
    const off = distance(trimmed, target);
    if (nearest === undefined ? off < target.length / 2 : off < nearest.off) nearest = { at, off };
  }
  if (nearest === undefined) return ": copy it from the file exactly";
  const shown = shownText((own[nearest.at] ?? "").slice(0, lineCharactersMax)).lines.join(" ");
  const first = `the line most like ${JSON.stringify(missing.slice(0, lineCharactersMax))}`;
  return `: ${first} is line ${nearest.at + 1}, ${JSON.stringify(shown)}`;
}
