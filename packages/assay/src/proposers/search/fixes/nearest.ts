import { distance } from "fastest-levenshtein";

const nearestMax = 5;

/** The known names that `name` may be a slip of, the nearest first: one or two letters off, or the same words. */
export function nearest(name: string, known: Iterable<string>): string[] {
  const most = Math.max(1, Math.min(3, Math.floor(name.length / 3)));
  const found: { other: string; off: number }[] = [];
  for (const other of new Set(known)) {
    if (other === name || other === "") continue;
    const off = sameWords(name, other) ? 0 : distance(name, other);
    if (off <= most || sameLetters(name, other)) found.push({ other, off });
  }
  found.sort((a, b) => a.off - b.off || (a.other < b.other ? -1 : 1));
  return found.slice(0, nearestMax).map(({ other }) => other);
}

/** `userName` and `user_name`. */
function sameWords(a: string, b: string): boolean {
  const bare = (text: string) => text.replaceAll("_", "").toLowerCase();
  return bare(a) === bare(b);
}

/** Letters swapped. */
function sameLetters(a: string, b: string): boolean {
  return a.length > 3 && a.length === b.length && [...a].sort().join("") === [...b].sort().join("");
}
