import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { AuditEntry, RunEvent } from "@assay/sdk";
import type { Blobs } from "#ports";
import { auditTrail, checkDigests, loadObservations } from "#report";

/** Of an artifact that is read to compare it with its digest. */
const fileBytesMax = 256 * 1024 * 1024;

/** A run's trail of decisions with the state of everything that it names. */
export async function auditRun(events: readonly RunEvent[], blobs: Blobs): Promise<AuditEntry[]> {
  const trail = auditTrail(events, await loadObservations(events, blobs));
  return checkDigests(trail, { blobs, file: readArtifact });
}

/** An ordinary file's bytes; what is no such file, or larger than any artifact, is not the one that was written. */
async function readArtifact(path: string): Promise<Uint8Array | undefined> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const status = await file.stat();
    return status.isFile() && status.size <= fileBytesMax ? await file.readFile() : undefined;
  } catch (error) {
    if (["ENOENT", "ELOOP", "ENOTDIR", "EACCES", "ENXIO"].includes((error as NodeJS.ErrnoException).code ?? "")) {
      return undefined;
    }
    throw error;
  }
}
