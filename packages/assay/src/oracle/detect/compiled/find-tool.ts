import { access, constants } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { realPathOf } from "../python/prefix.ts";

/**
 * The real path of a program: on PATH, else in one of `places` (below the home folder when relative). What lies inside the
 * project is skipped: it came with it. Nothing is started.
 */
export async function findTool(
  root: string,
  name: string,
  places: readonly string[] = [],
): Promise<string | undefined> {
  const folders = [
    ...(process.env.PATH ?? "").split(delimiter).filter(isAbsolute),
    ...places.map((place) => (isAbsolute(place) ? place : join(homedir(), place))),
  ];
  const roots = [root, (await realPathOf(root)) ?? root];
  const outside = (path: string) => roots.every((each) => !`${path}/`.startsWith(`${each}/`));
  for (const folder of folders.filter(outside)) {
    const path = await realPathOf(join(folder, name));
    if (path !== undefined && outside(path) && (await isExecutable(path))) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
