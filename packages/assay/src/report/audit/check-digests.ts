import type { AuditDigest, AuditEntry, Digest } from "@assay/sdk";
import { FaultError } from "#domain";
import { type Blobs, digestOf } from "#ports";

/** Where the content that a trail names is looked for. `file` gives a file's bytes; `undefined` where there is none that can be read. */
export type AuditContent = { blobs: Pick<Blobs, "get">; file: (path: string) => Promise<Uint8Array | undefined> };

/** The trail with the state of every content that it names; each is read once. */
export async function checkDigests(entries: readonly AuditEntry[], content: AuditContent): Promise<AuditEntry[]> {
  const known = new Map<string, AuditDigest["state"]>();
  const checked: AuditEntry[] = [];
  for (const entry of entries) {
    const digests: AuditDigest[] = [];
    for (const named of entry.digests) {
      const key = `${named.digest} ${named.path ?? ""}`;
      const state = known.get(key) ?? (await stateOf(named, content));
      known.set(key, state);
      digests.push({ ...named, state });
    }
    checked.push({ ...entry, digests });
  }
  return checked;
}

async function stateOf({ digest, path }: AuditDigest, { blobs, file }: AuditContent): Promise<AuditDigest["state"]> {
  const bytes = path === undefined ? await kept(blobs, digest) : await file(path);
  if (bytes === undefined) return "missing";
  return bytes !== "changed" && digestOf(bytes) === digest ? "intact" : "changed";
}

async function kept(blobs: AuditContent["blobs"], digest: Digest): Promise<Uint8Array | "changed" | undefined> {
  try {
    return await blobs.get(digest);
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === "receipt-mismatch") return "changed";
    throw error;
  }
}
