import { createHash, randomBytes } from "node:crypto";
import { chmod, chown, mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suiteLimits } from "#domain";
import { type ProjectProfile, type Sandbox, type Snapshot, unprivilegedUid } from "#ports";

/** Where a filled cache appears inside, read-only. */
export const goCacheTarget = "/opt/assay/go-build";

const script = {
  source: fileURLToPath(new URL("./assets/fill-cache.sh", import.meta.url)),
  target: "/opt/assay/fill-cache.sh",
};

/**
 * What Go compiled of the standard library and of a module's dependencies, kept between runs. Only the compiler ever writes to it:
 * it is filled by a command of ours that runs no code of the project and compiles none of its packages, and is then mounted
 * read-only; what a test's sandbox compiles vanishes with it. So no candidate can leave anything for a later verdict.
 */
export class GoBuildCache {
  private readonly sandbox: Sandbox;
  private readonly directory: string;
  private readonly filled = new Map<string, Promise<string | undefined>>();

  /** `directory`: a folder of the user's, made when it is needed. */
  constructor(sandbox: Sandbox, directory: string) {
    this.sandbox = sandbox;
    this.directory = directory;
  }

  /** The host folder for a project, filled if need be; `undefined` when it could not be: then everything is compiled each time. */
  async folderFor(
    profile: ProjectProfile,
    snapshot: Snapshot,
    env: Record<string, string>,
  ): Promise<string | undefined> {
    const key = await keyOf(profile, snapshot);
    const before = this.filled.get(key);
    if (before !== undefined) return await before;
    const filling = this.fill(join(this.directory, key), profile, snapshot, env).catch(() => undefined);
    this.filled.set(key, filling);
    return await filling;
  }

  private async fill(
    folder: string,
    profile: ProjectProfile,
    snapshot: Snapshot,
    env: Record<string, string>,
  ): Promise<string | undefined> {
    if ((await stat(folder).catch(() => undefined))?.isDirectory()) return folder;
    await mkdir(this.directory, { recursive: true });
    const unfinished = `${folder}.${randomBytes(4).toString("hex")}`;
    await mkdir(unfinished);
    try {
      await chmod(unfinished, 0o755);
      if (process.getuid?.() === 0) await chown(unfinished, unprivilegedUid, unprivilegedUid);
      const { termination } = await this.sandbox.execute({
        argv: ["sh", script.target],
        cwd: snapshot.root,
        env: { ...env, GOCACHE: goCacheTarget },
        workspace: { target: goCacheTarget, method: "copy", directory: unfinished },
        mounts: [...profile.mounts, { source: snapshot.directory, target: snapshot.root }, script],
        limits: suiteLimits,
      });
      if (termination.kind !== "exited" || termination.code !== 0) return undefined;
      // Another process may have been first: its folder is as good.
      await rename(unfinished, folder).catch(() => undefined);
      return folder;
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  }
}

/** What decides which packages there are to compile, and how. */
async function keyOf({ interpreter, mounts }: ProjectProfile, { directory, files }: Snapshot): Promise<string> {
  const hash = createHash("sha256");
  const { mtimeMs, size } = await stat(interpreter);
  hash.update(JSON.stringify([interpreter, mtimeMs, size, mounts]));
  for (const file of files.filter((path) => /(?:^|\/)go\.(?:mod|sum|work)$/.test(path))) {
    hash.update(`${file}\0`).update(await readFile(join(directory, file)));
  }
  return hash.digest("hex").slice(0, 32);
}
