import { opendir } from "node:fs/promises";
import { join } from "node:path";

/** What of a state directory is worth keeping. Keys, the daemon's files and the mark are not in it: it says what is, not what is not. */
export const keptNames = ["blobs", "runs", "checklist.json", "mutants.json"] as const;
export const journalName = "journal.sqlite";

/** Of what is being written, and of a run's own project. */
const passing = /^(?:tmp|\.assay)$|\.tmp$/;
/** `sha256sum` writes other names in a way of its own. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: what cannot stand in a line is looked for
const plainName = /^[^\u0000-\u001f\u007f\\/]+$/;

export type StateFile = { path: string; kind: "file" } | { path: string; kind: "left-out"; why: string };

/** Files to keep below a state directory, by their paths there; tenants other than the default have folders of their own. */
export async function* stateFiles(state: string): AsyncGenerator<StateFile> {
  for (const name of keptNames) yield* walk(state, name);
  for (const tenant of await entriesOf(join(state, "tenants"))) {
    if (!tenant.isDirectory()) continue;
    for (const name of keptNames) yield* walk(state, `tenants/${tenant.name}/${name}`);
  }
}

async function* walk(state: string, top: string): AsyncGenerator<StateFile> {
  const parent = top.slice(0, top.lastIndexOf("/") + 1);
  const entries = await entriesOf(join(state, parent));
  const entry = entries.find(({ name }) => `${parent}${name}` === top);
  if (entry !== undefined) yield* visit(state, top, entry);
}

type Entry = { name: string; isDirectory(): boolean; isFile(): boolean };

async function* visit(state: string, path: string, entry: Entry): AsyncGenerator<StateFile> {
  if (!plainName.test(entry.name)) yield { path, kind: "left-out", why: "its name" };
  else if (entry.isFile()) yield { path, kind: "file" };
  else if (!entry.isDirectory()) yield { path, kind: "left-out", why: "it is no ordinary file" };
  else {
    for (const below of await entriesOf(join(state, path))) {
      if (!passing.test(below.name)) yield* visit(state, `${path}/${below.name}`, below);
    }
  }
}

/** Sorted; none where there is no such folder, or where a link stands in its place. */
async function entriesOf(directory: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  try {
    for await (const entry of await opendir(directory)) entries.push(entry);
  } catch (error) {
    if (!["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
