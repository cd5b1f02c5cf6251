import { isRed } from "#domain";
import type { Checklist } from "./checklist.ts";

/**
 * The ids with the most telling first: red when last seen, then unknown, then once red, then always green; within each the order given.
 * A permutation of `ids`.
 */
export function failedFirst(checklist: Checklist, ids: readonly string[]): string[] {
  const rankById = new Map(ids.map((id) => [id, rank(checklist, id)]));
  return ids.toSorted((a, b) => (rankById.get(a) ?? 0) - (rankById.get(b) ?? 0));
}

function rank(checklist: Checklist, id: string): number {
  const entry = Object.hasOwn(checklist.tests, id) ? checklist.tests[id] : undefined;
  if (entry === undefined) return 1;
  if (isRed(entry.status)) return 0;
  return entry.history.some(({ outcome }) => isRed(outcome)) ? 2 : 3;
}
