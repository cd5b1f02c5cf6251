import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import type { Edit } from "@assay/sdk";
import { applyPatch } from "diff";
import type { AttemptName } from "#domain";
import { type ApplyResult, digestOf, type RecentChanges, type Snapshot, type Workspace, type Workspaces } from "#ports";

/** Whole copies of a small folder. Applies the three edits to well-formed projects; knows nothing of links, git or secrets. */
export class FolderWorkspaces implements Workspaces, RecentChanges, AsyncDisposable {
  readonly #made: string[] = [];

  async project(files: Record<string, string>): Promise<Snapshot> {
    const directory = await this.#folder();
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), content);
    }
    return this.snapshot(directory);
  }

  async snapshot(root: string): Promise<Snapshot> {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .sort();
    const contents = await Promise.all(files.map((file) => readFile(join(root, file), "utf8")));
    return { digest: digestOf(JSON.stringify([files, contents])), root, directory: root, files, excluded: [] };
  }

  async open(snapshot: Snapshot, name: AttemptName): Promise<Workspace> {
    const directory = await this.#folder();
    await cp(snapshot.directory, directory, { recursive: true });
    return {
      name,
      method: "copy",
      snapshot,
      apply: (edits) => applyAll(directory, edits),
      read: (path) => readFile(join(directory, path), "utf8").catch(() => undefined),
      mount: async () => ({ target: snapshot.root, method: "copy", directory }),
      diff: async () => "",
      [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
    };
  }

  /** What `reverseHunksSince` answers, whatever the revision. */
  hunks: { summary: string; edit: Edit }[] = [];

  async reverseHunksSince(): Promise<{ summary: string; edit: Edit }[]> {
    return this.hunks;
  }

  async derive(
    snapshot: Snapshot,
    edits: readonly Edit[],
  ): Promise<{ kind: "derived"; snapshot: Snapshot } | Extract<ApplyResult, { kind: "failed" }>> {
    const directory = await this.#folder();
    await cp(snapshot.directory, directory, { recursive: true });
    const applied = await applyAll(directory, edits);
    if (applied.kind === "failed") return applied;
    return { kind: "derived", snapshot: { ...(await this.snapshot(directory)), root: snapshot.root } };
  }

  async applyToTree(): Promise<never> {
    throw new Error("tests apply nothing to a tree");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const folder of this.#made) await rm(folder, { recursive: true, force: true });
  }

  async #folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "assay-test-"));
    this.#made.push(folder);
    return folder;
  }
}

/** The files after the edits, or `undefined` when one of them does not fit. */
export function edited(
  files: Readonly<Record<string, string>>,
  edits: readonly Edit[],
): Record<string, string> | undefined {
  const result = { ...files };
  for (const edit of edits) {
    if (edit.kind === "rewrite") result[edit.path] = edit.content;
    else if (edit.kind === "update") {
      const pieces = result[edit.path]?.split(edit.oldStr) ?? [];
      if (pieces.length !== 2) return undefined;
      result[edit.path] = pieces.join(edit.newStr);
    } else {
      const path = /^--- a\/([^\t\n]+)/m.exec(edit.diff)?.[1] ?? "";
      const patched = applyPatch(result[path] ?? "", edit.diff);
      if (patched === false) return undefined;
      result[path] = patched;
    }
  }
  return result;
}

async function applyAll(directory: string, edits: readonly Edit[]): Promise<ApplyResult> {
  const paths = edits.map((edit) =>
    edit.kind === "diff" ? (/^--- a\/([^\t\n]+)/m.exec(edit.diff)?.[1] ?? "") : edit.path,
  );
  const before: Record<string, string> = {};
  for (const path of paths) before[path] = await readFile(join(directory, path), "utf8").catch(() => "");
  const after = edited(before, edits);
  if (after === undefined) return { kind: "failed", problems: [{ path: paths[0] ?? "", message: "does not apply" }] };
  for (const [path, content] of Object.entries(after)) await writeFile(join(directory, path), content);
  return { kind: "applied", changed: paths };
}
