/** Beginnings of objects that are followed to their end; the first ones and the last ones, for answers stand there. */
const startsMax = 8;

/** As much of a string as is needed here, so that what is looked at can be counted. */
export type Characters = { readonly length: number; charCodeAt(index: number): number };

const [quote, backslash, open, close, feed] = [34, 92, 123, 125, 10];

/**
 * Where the outermost `{…}` of a text stand that begin a line, as offsets; `end` exclusive. Braces in double quotes do not count. At
 * most eight beginnings are followed, so that the characters looked at stay in proportion to the text.
 */
export function jsonObjects(text: Characters): { start: number; end: number }[] {
  const starts = lineStarts(text);
  const tried =
    starts.length <= startsMax ? starts : [...starts.slice(0, startsMax / 2), ...starts.slice(-startsMax / 2)];
  const found: { start: number; end: number }[] = [];
  for (const start of tried) {
    if (start < (found.at(-1)?.end ?? 0)) continue;
    const end = balancedEnd(text, start);
    if (end !== undefined) found.push({ start, end });
  }
  return found;
}

/** Offsets of `{` that only blanks stand before on their line. */
function lineStarts(text: Characters): number[] {
  const starts: number[] = [];
  let fresh = true;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (fresh && code === open) starts.push(at);
    fresh = code === feed || (fresh && (code === 32 || code === 9));
  }
  return starts;
}

function balancedEnd(text: Characters, start: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === backslash) at += 1;
      else if (code === quote) quoted = false;
    } else if (code === quote) quoted = true;
    else if (code === open) depth += 1;
    else if (code === close) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}
