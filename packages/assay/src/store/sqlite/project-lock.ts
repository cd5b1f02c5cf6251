import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { raise } from "#domain";
import type { Owners } from "#ports";
import { openDatabase } from "./open-database.ts";
import { retryWhileBusy } from "./retry-while-busy.ts";
import { asSqliteFault } from "./sqlite-fault.ts";

export type ProjectLockRequest = {
  /** The state database; made where there is none. */
  database: string;
  /** What is locked: the project's absolute path. */
  project: string;
  /** What a second `assay` tells its user is going on, e.g. `assay heal`. */
  holder: string;
  owners: Owners;
  /** Also from an owner that may be alive. */
  force?: boolean;
  /** How long another process's transaction is waited for. Default 5,000. */
  lockWaitMsMax?: number;
};

const rowSchema = z.object({ owner: z.string(), holder: z.string(), since: z.int() });

/**
 * One `assay` at a time works on a project. The lock of a process that died is taken over at once, by the same rule as a run's
 * lease. Throws `run-locked`, saying who holds it, and what opening the database throws.
 */
export async function acquireProjectLock(request: ProjectLockRequest): Promise<AsyncDisposable> {
  const { database: path, project, owners, lockWaitMsMax = 5_000 } = request;
  const database = await openDatabase(path, lockWaitMsMax);
  const transaction = async (work: () => void) => {
    try {
      await retryWhileBusy(lockWaitMsMax, () => inTransaction(database, work));
    } catch (error) {
      throw asSqliteFault(error, path);
    }
  };
  try {
    await transaction(() => take(database, request));
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    async [Symbol.asyncDispose]() {
      if (!database.isOpen) return;
      try {
        await transaction(
          () => void database.prepare("DELETE FROM locks WHERE name = ? AND owner = ?").run(project, owners.self),
        );
      } finally {
        database.close();
      }
    },
  };
}

function take(database: DatabaseSync, { project, holder, owners, force = false }: ProjectLockRequest): void {
  const found = database.prepare("SELECT owner, holder, since FROM locks WHERE name = ?").get(project);
  if (found !== undefined && !force) {
    const { owner, holder: what, since } = rowSchema.parse(found);
    const who = `${what} (${owners.describe(owner)}, since ${new Date(since).toISOString()})`;
    const liveness = owners.liveness(owner);
    if (liveness === "alive") raise("run-locked", `${who} is working on ${project}`, "wait for it to end, or stop it");
    if (liveness === "unknown") {
      raise(
        "run-locked",
        `${who} may be working on ${project} and cannot be asked`,
        "if it is not, take the lock over with --force",
      );
    }
  }
  database
    .prepare("INSERT OR REPLACE INTO locks (name, owner, holder, since) VALUES (?, ?, ?, ?)")
    .run(project, owners.self, holder, Date.now());
}

function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    work();
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
