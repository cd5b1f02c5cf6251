import { diffArrays } from "diff";

/** How much a change changes. Counted, never voted on. */
export type ChangeSize = { nodesChanged: number; linesChanged: number; filesChanged: number };

/** Nodes removed and added until the shortest way is no longer looked for, which takes time in its square. */
const editLengthMax = 800;

/**
 * How many nodes were removed and how many added (one that was replaced counts as two), by the shortest edit of the one list into the
 * other (Myers 1986). Of lists too different for that: everything between the equal head and the equal tail, which is an upper bound.
 */
export function nodesChanged(before: readonly string[], after: readonly string[]): number {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const old = before.slice(head, before.length - tail);
  const fresh = after.slice(head, after.length - tail);
  if (old.length === 0 || fresh.length === 0) return old.length + fresh.length;
  const changes = diffArrays(old, fresh, { maxEditLength: editLengthMax });
  if (changes === undefined) return old.length + fresh.length;
  return changes.reduce((sum, { added, removed, count }) => sum + (added || removed ? count : 0), 0);
}

/** Smaller first: by changed nodes, then by changed lines, then by files. */
export function bySize(a: ChangeSize, b: ChangeSize): number {
  return a.nodesChanged - b.nodesChanged || a.linesChanged - b.linesChanged || a.filesChanged - b.filesChanged;
}
