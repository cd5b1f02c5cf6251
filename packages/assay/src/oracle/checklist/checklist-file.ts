import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { raise } from "#domain";
import { type Checklist, checklistSchema, emptyChecklist } from "./checklist.ts";

const fileBytesMax = 64 * 1024 * 1024;

export type LoadedChecklist = {
  checklist: Checklist;
  /** Set when the file could not be used: what was done with it. */
  note?: string;
};

/** Reads the checklist. None yet: an empty one. One that does not parse is moved aside, never overwritten, and said so. */
export async function loadChecklist(path: string): Promise<LoadedChecklist> {
  const size = (await stat(path).catch(() => undefined))?.size;
  if (size === undefined) return { checklist: emptyChecklist };
  const checklist = size > fileBytesMax ? undefined : parse(await readFile(path, "utf8").catch(() => ""));
  if (checklist !== undefined) return { checklist };
  const aside = `${path}.corrupt-${Date.now()}`;
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  const note = moved ? `it was moved to ${aside}` : "it could not be moved aside";
  return { checklist: emptyChecklist, note: `The checklist ${path} could not be read; ${note}, a new one is begun.` };
}

/** Replaces the file as a whole: a crash leaves the old one or the new one. Raises `state-not-writable` or `disk-full`. */
export async function saveChecklist(path: string, checklist: Checklist): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeDurably(temporary, `${JSON.stringify(checklist, null, 1)}\n`);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const { code, message } = error as NodeJS.ErrnoException;
    raise(code === "ENOSPC" ? "disk-full" : "state-not-writable", `cannot write the checklist: ${message}`);
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  await using handle = await open(path, "wx", 0o600);
  await handle.writeFile(text);
  await handle.sync();
}

function parse(text: string): Checklist | undefined {
  try {
    return checklistSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
