import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { Fault } from "@assay/sdk";
import { fault } from "#domain";
import { configDirectory } from "#ports";
import { ProcessOwners } from "#store";
import { readDaemonFile } from "./daemon/daemon-file.ts";
import { markName } from "./state-mark.ts";

/** A state directory without a mark of this user's. */
export type StrangeState = {
  path: string;
  /** Who asks; `undefined` where the system has no such ids. */
  uid: number | undefined;
  /** Whose the folder is, and whose the mark in it. */
  owners: readonly number[];
  /** The process of a daemon that lives and works with it. */
  daemon: number | undefined;
  /** Somebody has its journal open, or died with it open. */
  isOpen: boolean;
  /** Where this user's key for marks was looked for. */
  config: string;
};

export async function lookAtStrange(path: string, found: Stats): Promise<StrangeState> {
  const mark = await lstat(join(path, markName)).catch(() => undefined);
  const daemon = await readDaemonFile(path).catch(() => undefined);
  const lives = daemon !== undefined && new ProcessOwners().liveness(daemon.owner) === "alive";
  return {
    path,
    uid: process.getuid?.(),
    owners: mark === undefined ? [found.uid] : [found.uid, mark.uid],
    daemon: lives ? daemon.pid : undefined,
    // SQLite removes it when the last who had it open closes.
    isOpen: (await lstat(join(path, "journal.sqlite-wal")).catch(() => undefined)) !== undefined,
    config: configDirectory(),
  };
}

/** Why it is refused. Moving it away is named only where nobody else's history can be lost by that. */
export function strangeState({ path, uid, owners, daemon, isOpen, config }: StrangeState): Fault {
  const other = uid === undefined ? undefined : owners.find((owner) => owner !== uid);
  if (other !== undefined) {
    const whose = `${path} belongs to the user with id ${other}, and you have id ${uid}`;
    return fault("state-not-writable", whose, `run assay as that user: ${asThatUser(other)}`);
  }
  const made = `${path} was not made by Assay for this user and this folder (no mark of the key in ${config}): what it claims to have seen cannot be believed`;
  if (daemon !== undefined) {
    const remedy = `a daemon works with it (process ${daemon}): use the HOME and XDG_CONFIG_HOME that it has`;
    return fault("state-not-writable", made, remedy);
  }
  const own = "if it is yours, use the HOME and XDG_CONFIG_HOME that it was made with";
  const away = isOpen ? "" : `; if it came with the project's files: mv ${path} ${path}.old`;
  return fault("state-not-writable", made, `${own}${away}`);
}

/** What an account is changed with, in one line. The places are those of its service. */
export function asThatUser(uid: number): string {
  return `sudo -u '#${uid}' env HOME=… XDG_CONFIG_HOME=… XDG_STATE_HOME=… assay …, with the values of its service (docs/guides/operations.md)`;
}
