import type { OperatorName, Replacement } from "#syntax";

type Span = { start: number; end: number };

/** An edit that a failure's message itself suggests. */
export type Fix = { operator: OperatorName; file: string; start: number; end: number; text: string };

/** One fix that puts the same text in all of these places; none where there are none. */
export function* everywhere(file: string, source: string, places: readonly Span[], text: string): Iterable<Fix> {
  const inOrder = places.toSorted((a, b) => a.start - b.start);
  const [first, last] = [inOrder.at(0), inOrder.at(-1)];
  if (first === undefined || last === undefined) return;
  let [changed, at] = ["", first.start];
  for (const place of inOrder) {
    changed += source.slice(at, place.start) + text;
    at = place.end;
  }
  yield { operator: "fix_name", file, start: first.start, end: last.end, text: changed };
}

/** As the search tries it; positions of lines are counted in `source`. */
export function replacementOf({ operator, file, start, end, text }: Fix, source: string): Replacement {
  let line = 1;
  for (let feed = source.indexOf("\n"); feed !== -1 && feed < start; feed = source.indexOf("\n", feed + 1)) line += 1;
  return {
    operator,
    file,
    start,
    end,
    replacement: text,
    line,
    statementLine: line,
    atLoad: true,
    prior: 1,
    insertion: false,
    deletion: false,
  };
}

/** Offsets of a line (1-based) without its line ending. */
export function lineSpan(source: string, line: number): { start: number; end: number } | undefined {
  let start = 0;
  for (let at = 1; at < line; at += 1) {
    const feed = source.indexOf("\n", start);
    if (feed === -1) return undefined;
    start = feed + 1;
  }
  const feed = source.indexOf("\n", start);
  const end = feed === -1 ? source.length : feed;
  return { start, end: source[end - 1] === "\r" ? end - 1 : end };
}
