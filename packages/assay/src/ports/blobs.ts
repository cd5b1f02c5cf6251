import type { Digest } from "@assay/sdk";

/**
 * Immutable bytes by digest.
 * - `put` returns only when the bytes survive a crash; putting the same bytes twice is one blob.
 * - `get` verifies the digest: it returns exactly what was put, `undefined` if never put, and throws
 *   a `FaultError` of code `receipt-mismatch` when what is stored no longer matches its digest.
 */
export interface Blobs {
  put(content: Uint8Array | string): Promise<Digest>;
  get(digest: Digest): Promise<Uint8Array | undefined>;
}
