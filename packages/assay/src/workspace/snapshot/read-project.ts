import { raise } from "#domain";
import { copiesAtOnce, projectBounds } from "../bounds.ts";
import { breather } from "../files/breather.ts";
import { eachBounded } from "../files/each-bounded.ts";
import type { Exclusion, ProjectListing } from "../files/list-project.ts";
import { DirectoryCheck, gitBlobId, type ProjectEntry, type ReadEntry, readEntry } from "../files/read-entry.ts";

export type ReadProject = { entries: ProjectEntry[]; excluded: Exclusion[]; dirty: boolean };
export type VisitEntry = (read: ReadEntry & { kind: "file" | "link" }) => Promise<void> | undefined;

/** Reads everything listed and shows each file and link to `visit`, several at the same time, while its content is at hand. */
export async function readProject(root: string, listing: ProjectListing, visit: VisitEntry): Promise<ReadProject> {
  const directories = new DirectoryCheck(root);
  const entries: ProjectEntry[] = [];
  const excluded = [...listing.excluded];
  const unchanged = new Set<string>();
  let totalBytes = 0;
  const breathe = breather();
  await eachBounded(listing.paths, copiesAtOnce, async (path) => {
    await breathe();
    const read = readEntry(root, path, directories);
    if (read.kind === "gone") return;
    if (read.kind === "excluded") {
      excluded.push({ path, reason: read.reason });
      return;
    }
    if (read.kind === "file") {
      totalBytes += read.entry.bytes;
      if (totalBytes > projectBounds.totalBytesMax) tooLarge(root);
      const blob = listing.commit?.blobs.get(path);
      if (blob !== undefined && isBlob(read.content, blob)) unchanged.add(path);
    }
    entries.push(read.entry);
    await visit(read);
  });
  const left = new Set(excluded.map(({ path }) => path));
  const links = new Set(entries.filter(({ kind }) => kind === "link").map(({ path }) => path));
  const files = entries.length - links.size;
  const kept = [...(listing.commit?.blobs.keys() ?? [])].filter((path) => !left.has(path));
  return {
    entries: entries.sort((a, b) => (a.path < b.path ? -1 : 1)),
    excluded: boundedExclusions(excluded),
    dirty: unchanged.size !== files || unchanged.size !== kept.length,
  };
}

/** Line ends that git would normalise on commit do not make a file changed. */
function isBlob(content: Buffer, blob: string): boolean {
  if (gitBlobId(content, blob.length) === blob) return true;
  if (!content.includes("\r\n")) return false;
  const normalised = Buffer.from(content.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
  return gitBlobId(normalised, blob.length) === blob;
}

function boundedExclusions(excluded: Exclusion[]): Exclusion[] {
  const sorted = excluded.sort((a, b) => (a.path < b.path ? -1 : 1));
  const more = sorted.length - projectBounds.excludedMax;
  return more <= 0
    ? sorted
    : [...sorted.slice(0, projectBounds.excludedMax), { path: "…", reason: `and ${more} more` }];
}

function tooLarge(root: string): never {
  raise(
    "not-a-project",
    `${root} holds more than ${projectBounds.totalBytesMax / 1024 / 1024 / 1024} GiB that is not ignored`,
    "ignore data and generated files in .gitignore",
  );
}
