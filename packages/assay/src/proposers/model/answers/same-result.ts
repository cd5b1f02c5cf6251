import type { TriedCandidate } from "#ports";
import { applyEdits, type Changes, type ReadFileState } from "#syntax";

/** Candidates compared, the newest. */
const earlierMax = 50;

/** The candidate that made the same texts of the same files, whatever its edits looked like. */
export async function sameResult(
  changes: Changes,
  earlier: readonly TriedCandidate[],
  read: ReadFileState,
): Promise<TriedCandidate | undefined> {
  const own = await differing(changes, read);
  for (const tried of earlier.slice(-earlierMax).reverse()) {
    const applied = await applyEdits(tried.candidate.edits, read);
    if (applied.kind === "applied" && isSame(own, await differing(applied.changes, read))) return tried;
  }
  return undefined;
}

/** What every path that differs from the project holds; `undefined`: nothing. */
async function differing(changes: Changes, read: ReadFileState): Promise<Map<string, string | undefined>> {
  const texts = new Map<string, string | undefined>();
  for (const [path, state] of changes) {
    const found = await read(path);
    if (state?.text !== (found.kind === "file" ? found.state.text : undefined)) texts.set(path, state?.text);
  }
  return texts;
}

function isSame(a: ReadonlyMap<string, string | undefined>, b: ReadonlyMap<string, string | undefined>): boolean {
  return a.size === b.size && [...a].every(([path, text]) => b.has(path) && b.get(path) === text);
}
