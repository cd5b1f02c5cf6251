import { digestOf, type Snapshot } from "#ports";
import { sameState } from "#syntax";
import { filesOfUnion } from "../attempt/copy-union.ts";
import { listProject } from "../files/list-project.ts";
import type { ProjectEntry } from "../files/read-entry.ts";
import { readState } from "../files/read-state.ts";
import { snapshotDigest } from "../snapshot/manifest.ts";
import { readProject } from "../snapshot/read-project.ts";
import type { TreeChange } from "./intent.ts";

export type TreeProgress =
  /** The base revision with none, some or all of the changes made; `left` are those not made yet. */
  | { kind: "on-base"; left: TreeChange[] }
  /** Files to be changed are neither as before nor as after. */
  | { kind: "overtaken"; paths: string[] }
  /** Other files differ from the base revision; at least one is named. */
  | { kind: "elsewhere"; paths: string[] };

/** Compares the tree at `snapshot.root` with the snapshot, where files already changed count as they were before. Only reads. */
export async function compareTree(snapshot: Snapshot, changes: readonly TreeChange[]): Promise<TreeProgress> {
  const left: TreeChange[] = [];
  const foreign: string[] = [];
  for (const change of changes) {
    const found = await readState(snapshot.root, change.path);
    const now = found.kind === "file" ? found.state : null;
    if (found.kind === "refused") foreign.push(`${change.path} (${found.reason})`);
    else if (sameState(now, change.after)) continue;
    else if (sameState(now, change.before)) left.push(change);
    else foreign.push(change.path);
  }
  if (foreign.length > 0) return { kind: "overtaken", paths: foreign };
  const base = (await filesOfUnion({ edits: snapshot.directory, lower: [], removed: new Set() })).map(
    ({ path }) => path,
  );
  const made = changes.filter((change) => !left.includes(change));
  const entries = withBefore(await entriesNow(snapshot.root, base, made), made);
  if (snapshotDigest(entries) === snapshot.digest) return { kind: "on-base", left };
  return { kind: "elsewhere", paths: await differing(snapshot, base, entries) };
}

async function entriesNow(root: string, base: readonly string[], made: readonly TreeChange[]): Promise<ProjectEntry[]> {
  const listing = await listProject(root);
  // A changed .gitignore may hide files of the base revision or show others: neither is a change of those files.
  const ignoresOthers = made.some(({ path }) => /(?:^|\/)\.gitignore$/.test(path));
  const paths = new Set(ignoresOthers ? base : [...base, ...listing.paths]);
  const { entries } = await readProject(root, { ...listing, paths: [...paths] }, () => undefined);
  return entries;
}

function withBefore(entries: readonly ProjectEntry[], made: readonly TreeChange[]): ProjectEntry[] {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  for (const { path, before } of made) {
    byPath.delete(path);
    if (before === null) continue;
    const { text, executable } = before;
    byPath.set(path, { kind: "file", path, executable, bytes: Buffer.byteLength(text), digest: digestOf(text) });
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function differing(snapshot: Snapshot, base: string[], entries: readonly ProjectEntry[]): Promise<string[]> {
  const listing = { paths: base, excluded: [], notes: [] };
  const before = await readProject(snapshot.directory, listing, () => undefined);
  const then = new Map(before.entries.map((entry) => [entry.path, snapshotDigest([entry])]));
  const now = new Map(entries.map((entry) => [entry.path, snapshotDigest([entry])]));
  // An absolute link into the project leads out of the snapshot and cannot be compared there.
  const unknown = new Set(before.excluded.map(({ path }) => path));
  const paths = [...new Set([...then.keys(), ...now.keys()])].filter((path) => !unknown.has(path));
  const found = paths.filter((path) => then.get(path) !== now.get(path)).sort();
  return found.length > 0 ? found : [...unknown];
}
