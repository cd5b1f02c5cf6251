import { lstat, mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { FaultError, raise } from "#domain";
import { adoptDatabase, asStateFault } from "#store";
import { refuseUnsuitable } from "../state-directory.ts";
import { writeMark } from "../state-mark.ts";
import { asThatUser } from "../strange-state.ts";
import { manifestName, parseSums, stateFolder, sumsName } from "./checksums.ts";
import { copyFile, hashFile } from "./copy-file.ts";
import { journalName } from "./state-files.ts";

/** Of a list of digests, and of a manifest. */
const textBytesMax = 512 * 1024 * 1024;

const manifestSchema = z.object({
  format: z.literal(1),
  assayVersion: z.string(),
  madeAt: z.number(),
  root: z.string(),
});

export type Restored = { path: string; files: number; bytes: number; madeAt: number; root: string };

/**
 * Makes a project's state of a backup. Everything is verified before anything is written, and each file again while it is copied; the
 * state gets its name when it is whole. A project that has a state is refused. Who restores says by that that the backup is to be
 * believed: the state is marked as made here. Faults: `usage`, `not-a-project`, `receipt-mismatch`, `journal-corrupt`, `disk-full`,
 * `state-not-writable`.
 */
export async function restore(backup: string, directory: string): Promise<Restored> {
  const root = await refuseUnsuitable(directory);
  refuseForeignTarget(root, (await stat(root)).uid, process.getuid?.());
  const target = join(root, ".assay");
  if ((await lstat(target).catch(() => undefined)) !== undefined) {
    raise(
      "usage",
      `${target} exists already`,
      `stop what works with it, then move it away: mv ${target} ${target}.old`,
    );
  }
  const from = await realpath(resolve(backup)).catch(() =>
    raise("usage", `there is no folder ${backup}`, "name a backup"),
  );
  const sums = parseSums(await readText(join(from, sumsName)));
  await refuseStrangers(from, sums);
  for (const [path, hex] of sums) {
    if ((await hashFile(join(from, path)))?.hex !== hex) refuseChanged(path);
  }
  const manifest = readManifest(await readText(join(from, manifestName)));
  const unfinished = `${target}.restoring-${process.pid}`;
  try {
    await mkdir(unfinished, { mode: 0o700 });
    const bytes = await copyAll(from, unfinished, sums);
    adoptDatabase(join(unfinished, journalName));
    await writeFile(join(unfinished, ".gitignore"), "*\n");
    await writeMark(unfinished, root);
    await rename(unfinished, target);
    return { path: target, files: sums.size - 1, bytes, madeAt: manifest.madeAt, root: manifest.root };
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!(error instanceof FaultError)) throw asStateFault(error, target);
    throw error;
  }
}

/** Root's mark would be worth nothing to the owner: the state is for who makes it. Others than root cannot write there by mistake. */
export function refuseForeignTarget(root: string, owner: number, uid: number | undefined): void {
  if (uid !== 0 || owner === uid) return;
  const whose = `${root} belongs to the user with id ${owner}, to whom a state that root restores would be a stranger's`;
  raise("usage", whose, `restore as that user: ${asThatUser(owner)}`);
}

/** A backup has ordinary files and folders, those that are listed and no others. */
async function refuseStrangers(from: string, sums: ReadonlyMap<string, string>): Promise<void> {
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readdir(join(from, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else if (!entry.isFile() || (path !== sumsName && !sums.has(path))) {
        raise("receipt-mismatch", `${path} is not part of the backup`, "use another copy of it");
      }
    }
  }
}

async function copyAll(from: string, to: string, sums: ReadonlyMap<string, string>): Promise<number> {
  let bytes = 0;
  for (const [path, hex] of sums) {
    if (path === manifestName) continue;
    const place = path.slice(stateFolder.length + 1);
    const copied = await copyFile(join(from, path), join(to, place), /(?:^|\/)blobs\//.test(place) ? 0o444 : 0o644);
    // It may have been changed since it was verified.
    if (copied?.hex !== hex) refuseChanged(path);
    bytes += copied.bytes;
  }
  return bytes;
}

async function readText(path: string): Promise<string> {
  const found = await lstat(path).catch(() =>
    raise("usage", `there is no ${path}`, "name a folder that assay backup made"),
  );
  if (!found.isFile() || found.size > textBytesMax)
    raise("receipt-mismatch", `${path} is no ordinary file of a backup`);
  return readFile(path, "utf8");
}

function readManifest(text: string): z.infer<typeof manifestSchema> {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    raise(
      "receipt-mismatch",
      `${manifestName} is not one that this version knows`,
      "use the version that made the backup",
    );
  }
}

function refuseChanged(path: string): never {
  raise("receipt-mismatch", `${path} does not match its digest`, "use another copy of the backup");
}
