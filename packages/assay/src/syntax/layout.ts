import { parts, type SyntaxNode, type SyntaxTree, walk } from "./node.ts";

/** The line ending the source uses. */
export function newlineOf(source: string): string {
  return source.includes("\r\n") ? "\r\n" : "\n";
}

export function lineStartOf(source: string, offset: number): number {
  return source.lastIndexOf("\n", offset - 1) + 1;
}

/** Where the line's text ends, before its line ending. */
export function lineEndOf(source: string, offset: number): number {
  const feed = source.indexOf("\n", offset);
  if (feed === -1) return source.length;
  return source[feed - 1] === "\r" && feed > offset ? feed - 1 : feed;
}

/** The white space the line of `offset` starts with. */
export function indentOf(source: string, offset: number): string {
  return /^[ \t]*/.exec(source.slice(lineStartOf(source, offset), offset))?.[0] ?? "";
}

/** Whether nothing but white space stands before the node on its line. */
export function startsLine(source: string, node: SyntaxNode): boolean {
  return /^[ \t]*$/.test(source.slice(lineStartOf(source, node.start), node.start));
}

/** Whether nothing but white space, a terminator or a comment follows on the node's last line. */
export function endsLine(source: string, node: SyntaxNode): boolean {
  return /^[ \t]*;?[ \t]*((#|\/\/).*)?$/.test(source.slice(node.end, lineEndOf(source, node.end)));
}

/** One step of indentation, as the first indented block shows it. */
export function indentUnitOf(tree: SyntaxTree): string {
  for (const node of walk(tree.root)) {
    const first = node.shape === "block" && node.parent ? parts(node)[0] : undefined;
    if (first === undefined || !startsLine(tree.source, first)) continue;
    const inner = indentOf(tree.source, first.start);
    const own = indentOf(tree.source, node.parent?.start ?? 0);
    if (inner.length > own.length && inner.startsWith(own)) return inner.slice(own.length);
  }
  return "    ";
}

/** Offsets of lines that begin inside a string: white space there is content. */
export function stringLineStarts(tree: SyntaxTree): ReadonlySet<number> {
  const starts = new Set<number>();
  for (const node of walk(tree.root)) {
    if (node.line === node.lineEnd || (node.shape !== "string" && node.shape !== "template")) continue;
    for (let feed = tree.source.indexOf("\n", node.start); feed !== -1 && feed < node.end; ) {
      starts.add(feed + 1);
      feed = tree.source.indexOf("\n", feed + 1);
    }
  }
  return starts;
}

/** The text from `start` to `end` with its lines' indentation changed, strings excepted; the first line stays as it is. */
export function reindented(
  source: string,
  start: number,
  end: number,
  from: string,
  to: string,
  keep: ReadonlySet<number>,
): string {
  let result = "";
  let at = start;
  while (at < end) {
    const feed = source.indexOf("\n", at);
    const next = feed === -1 || feed >= end ? end : feed + 1;
    const line = source.slice(at, next);
    result +=
      at !== start && !keep.has(at) && line.startsWith(from) && line.trim() !== ""
        ? to + line.slice(from.length)
        : line;
    at = next;
  }
  return result;
}
