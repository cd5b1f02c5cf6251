import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { raise } from "#domain";

/** Where the daemon of a project is, as `.assay/daemon.json` says. */
export const daemonFileSchema = z.object({
  url: z.url({ protocol: /^https?$/ }),
  pid: z.int().min(1),
  /** As `Owners` names it: whether it lives can be told without asking it. */
  owner: z.string(),
  version: z.string(),
  /** Milliseconds since the Unix epoch. */
  startedAt: z.number(),
});
export type DaemonFile = z.infer<typeof daemonFileSchema>;

export function daemonPaths(state: string) {
  return { file: join(state, "daemon.json"), key: join(state, "daemon.key") };
}

/** What a daemon left or leaves here; `undefined` for nothing. Fault: `daemon-unreachable` for what is no such file. */
export async function readDaemonFile(state: string): Promise<DaemonFile | undefined> {
  const { file } = daemonPaths(state);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    raise("daemon-unreachable", `${file} cannot be read: ${error.message}`, "start assay as the user who started it");
  });
  if (text === undefined) return undefined;
  const parsed = daemonFileSchema.safeParse(parseJson(text));
  if (!parsed.success) raise("daemon-unreachable", `${file} says nothing about a daemon`, `remove it: rm ${file}`);
  return parsed.data;
}

/** The key for clients on this machine, made anew at each start, which only this user can read. */
export async function writeDaemonKey(state: string): Promise<string> {
  const key = `assay_local_${randomBytes(32).toString("base64url")}`;
  await replaceFile(daemonPaths(state).key, key);
  return key;
}

/** Written when the daemon listens, so that whoever finds it can talk to it. */
export async function writeDaemonFile(state: string, daemon: DaemonFile): Promise<void> {
  await replaceFile(daemonPaths(state).file, JSON.stringify(daemon));
}

export async function removeDaemonFiles(state: string): Promise<void> {
  const { file, key } = daemonPaths(state);
  await rm(file, { force: true });
  await rm(key, { force: true });
}

/** Complete or not at all, and never through a link that somebody put there. */
async function replaceFile(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${process.pid}.new`;
  await rm(unfinished, { force: true });
  await writeFile(unfinished, `${text}\n`, { mode: 0o600, flag: "wx" });
  await rename(unfinished, path);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
