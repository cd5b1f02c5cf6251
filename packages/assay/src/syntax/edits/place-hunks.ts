import { type Hunk, oldLines } from "./file-patch.ts";
import { occurrencesOf } from "./occurrences.ts";

/** Where a hunk's old lines stand: the 0-based index of the first. */
export type Place = { kind: "at"; line: number } | { kind: "nowhere"; why: string };

/**
 * Finds each hunk by its context and removed lines, which must match exactly. Line numbers may be wrong: of several places
 * the one nearest to the stated line counts, moved by as much as the hunk before was off; two equally near are ambiguous.
 * No two hunks take the same lines.
 */
export function placeHunks(lines: readonly string[], hunks: readonly Hunk[]): Place[] {
  const taken: { from: number; to: number }[] = [];
  let drift = 0;
  return hunks.map((hunk) => {
    const wanted = oldLines(hunk);
    if (wanted.length === 0) return placeInsertion(lines, hunk);
    const stated = hunk.oldStart - 1 + drift;
    const isFree = (at: number) => !taken.some(({ from, to }) => at < to && from < at + wanted.length);
    const nearest: Place =
      standsAt(lines, wanted, stated) && isFree(stated)
        ? { kind: "at", line: stated }
        : nearestTo(occurrencesOf(lines, wanted).filter(isFree), stated);
    if (nearest.kind === "at") {
      taken.push({ from: nearest.line, to: nearest.line + wanted.length });
      drift = nearest.line - (hunk.oldStart - 1);
    }
    return nearest;
  });
}

function placeInsertion(lines: readonly string[], hunk: Hunk): Place {
  if (lines.length === 0) return { kind: "at", line: 0 };
  return { kind: "nowhere", why: `no context: nothing shows that line ${hunk.oldStart} is its place` };
}

function standsAt(lines: readonly string[], wanted: readonly string[], at: number): boolean {
  return lines[at] === wanted[0] && wanted.every((line, index) => lines[at + index] === line);
}

function nearestTo(found: readonly number[], stated: number): Place {
  const distances = found.map((at) => Math.abs(at - stated));
  const least = distances.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const nearest = found.filter((_, index) => distances[index] === least);
  const [line] = nearest;
  if (line === undefined) return { kind: "nowhere", why: "context not found" };
  if (nearest.length > 1) {
    return { kind: "nowhere", why: `context found ${found.length} times, two equally near to the stated line` };
  }
  return { kind: "at", line };
}
