import { join } from "node:path";
import type { Digest } from "@assay/sdk";

/** Where the snapshot of this content lives; its files are in the folder `tree` below. */
export function snapshotPlace(stateDirectory: string, digest: Digest): string {
  return join(stateDirectory, "snapshots", digest.slice("sha256:".length));
}
