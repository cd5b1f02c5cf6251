import { join } from "node:path";
import type { WorkerRole } from "@assay/sdk";
import { raise } from "#domain";
import { configDirectory } from "#ports";
import { loadSignerAt, type Signer } from "#receipt";
import { takeFileLock } from "#store";

export type WorkerKey = { signer: Signer; path: string } & Disposable;

/** Of one role and user on one machine, at the same time. */
const workersMax = 64;

/**
 * The key of a worker that runs, for it alone until it is disposed of: a key is a worker, and two processes with one take each other's
 * tasks. Without a file: the first of this user's keys for the role that is free, so that the same number of workers have the same keys,
 * and with them their grants, whenever they are started again. Throws `usage`, and what making a key throws.
 */
export async function openWorkerKey(role: WorkerRole, file: string | undefined): Promise<WorkerKey> {
  if (file !== undefined) {
    const key = await openFree(file);
    return (
      key ??
      raise("usage", `another worker runs with the key ${file}`, "name another file: one that is missing is made")
    );
  }
  for (let slot = 1; slot <= workersMax; slot++) {
    const key = await openFree(join(configDirectory(), "worker-keys", `${role}-${slot}.pem`));
    if (key !== undefined) return key;
  }
  return raise(
    "usage",
    `${workersMax} workers of role ${role} run here already`,
    "name a key of its own: --worker-key FILE",
  );
}

async function openFree(path: string): Promise<WorkerKey | undefined> {
  const lock = takeFileLock(`${path}.lock`);
  if (lock === undefined) return undefined;
  try {
    const signer = await loadSignerAt(path);
    return { signer, path, [Symbol.dispose]: () => lock[Symbol.dispose]() };
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}
