import { lchownSync } from "node:fs";
import { unprivilegedUid } from "#ports";

/** The uid (and gid) that sandboxed code has on this host. */
export function sandboxUid(): number {
  const own = process.getuid?.() ?? 0;
  return own === 0 ? unprivilegedUid : own;
}

/** Gives a file, link or folder to `uid`; nothing to do for an ordinary user, whose files are the sandbox's too. */
export function giveTo(uid: number, path: string): void {
  if (process.getuid?.() === 0 && uid !== 0) lchownSync(path, uid, uid);
}
