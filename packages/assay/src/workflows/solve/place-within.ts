import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";

/** What leads out, and what is git's or ours: who writes there decides what runs outside the sandbox. */
const foreign = ["..", ".git", ".assay"];

/**
 * Where a path leads, links of its folders resolved, if that is within `root` and not in a git or state folder; `undefined` for any
 * other, for one whose folder is not there, and for a link.
 */
export async function placeWithin(path: string, root: string): Promise<string | undefined> {
  if (!isAbsolute(path)) return undefined;
  const [folder, top] = await Promise.all([dirname(path), root].map((each) => realpath(each).catch(() => undefined)));
  if (folder === undefined || top === undefined) return undefined;
  const place = join(folder, basename(path));
  const inside = relative(top, place);
  if (inside === "" || isAbsolute(inside)) return undefined;
  if (inside.split(sep).some((name) => foreign.includes(name.toLowerCase()))) return undefined;
  const isLink = await lstat(place).then(
    (there) => there.isSymbolicLink(),
    () => false,
  );
  return isLink ? undefined : place;
}
