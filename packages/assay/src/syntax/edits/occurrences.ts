/**
 * Where `wanted` begins in `text`, overlapping places too: characters in a string, or lines in a list. At most
 * three times as many comparisons as both have items, whatever they hold. Nothing occurs nowhere.
 * Knuth, Morris, Pratt: "Fast Pattern Matching in Strings" (1977).
 */
export function occurrencesOf<T>(
  text: ArrayLike<T>,
  wanted: ArrayLike<T>,
  equals: (a: T | undefined, b: T | undefined) => boolean = Object.is,
): number[] {
  if (wanted.length === 0 || wanted.length > text.length) return [];
  const borders = bordersOf(wanted, equals);
  const found: number[] = [];
  let matched = 0;
  for (let at = 0; at < text.length; at += 1) {
    const item = text[at];
    while (matched > 0 && (matched === wanted.length || !equals(item, wanted[matched]))) {
      matched = borders[matched - 1] ?? 0;
    }
    if (equals(item, wanted[matched])) matched += 1;
    if (matched === wanted.length) found.push(at + 1 - matched);
  }
  return found;
}

/** For each beginning of `wanted` the length of the longest shorter one that it ends with. */
function bordersOf<T>(wanted: ArrayLike<T>, equals: (a: T | undefined, b: T | undefined) => boolean): Uint32Array {
  const borders = new Uint32Array(wanted.length);
  let length = 0;
  for (let at = 1; at < wanted.length; at += 1) {
    while (length > 0 && !equals(wanted[at], wanted[length])) length = borders[length - 1] ?? 0;
    if (equals(wanted[at], wanted[length])) length += 1;
    borders[at] = length;
  }
  return borders;
}
