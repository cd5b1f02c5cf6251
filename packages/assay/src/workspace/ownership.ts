import { lchown } from "node:fs/promises";
import { unprivilegedUid } from "#ports";

/** The uid (and gid) that sandboxed code has on this host. */
export function sandboxUid(): number {
  const own = process.getuid?.() ?? 0;
  return own === 0 ? unprivilegedUid : own;
}

/** Gives a file, link or folder to `uid`; nothing to do for an ordinary user, whose files are the sandbox's too. */
export async function giveTo(uid: number, path: string): Promise<void> {
  if (process.getuid?.() === 0 && uid !== 0) await lchown(path, uid, uid);
}
