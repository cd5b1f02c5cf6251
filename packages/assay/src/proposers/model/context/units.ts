import { namedFunctions, parts, type SyntaxTree } from "#syntax";

/** A piece of a file that is read as one: an outermost function or method, or a statement of the module. Lines 1-based, inclusive. */
export type Unit = { name?: string; start: number; end: number };

/** The units of a file in the order of the source; what is inside of a function belongs to it, a class is told by its methods. */
export function unitsOf(tree: SyntaxTree): Unit[] {
  const starts = lineStarts(tree.source);
  const functions: Unit[] = [];
  let reached = 0;
  for (const { name, start, end } of namedFunctions(tree)) {
    if (start < reached) continue;
    reached = end;
    functions.push({ name, start: lineOf(starts, start), end: lineOf(starts, end - 1) });
  }
  const covered = new Uint8Array(starts.length + 2);
  for (const { start, end } of functions) covered.fill(1, start, end + 1);
  const statements = parts(tree.root).map(({ line, lineEnd }): Unit => ({ start: line, end: lineEnd }));
  const others = statements.filter(({ start, end }) => !covered.subarray(start, end + 1).includes(1));
  return [...functions, ...others].sort((a, b) => a.start - b.start);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The 1-based line of an offset. */
function lineOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}
