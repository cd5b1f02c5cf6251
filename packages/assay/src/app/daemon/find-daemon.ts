import { readFile } from "node:fs/promises";
import { raise } from "#domain";
import { ProcessOwners } from "#store";
import { daemonPaths, readDaemonFile } from "./daemon-file.ts";

/** A daemon that lives, and what it takes to talk to it. */
export type FoundDaemon = { url: string; key: string; pid: number };

/**
 * The daemon that owns a project. What a dead one left is ignored, and so is one that cannot be asked, on another machine for one: the
 * project's lock then says who has it. Fault: `daemon-unreachable` where its key cannot be read.
 */
export async function findDaemon(state: string): Promise<FoundDaemon | undefined> {
  const daemon = await readDaemonFile(state);
  if (daemon === undefined || new ProcessOwners().liveness(daemon.owner) !== "alive") return undefined;
  const path = daemonPaths(state).key;
  const key = await readFile(path, "utf8").catch((error: Error) =>
    raise(
      "daemon-unreachable",
      `assay serve (process ${daemon.pid}) owns this project, and its key cannot be read: ${error.message}`,
      "use the account that started it, or stop it",
    ),
  );
  return { url: daemon.url, key: key.trim(), pid: daemon.pid };
}
