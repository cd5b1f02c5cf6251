import type { Digest } from "@assay/sdk";
import { type Blobs, digestOf } from "#ports";

/** Blobs in a map, for tests. */
export class MemoryBlobs implements Blobs {
  readonly #contents = new Map<Digest, Uint8Array>();

  put(content: Uint8Array | string): Promise<Digest> {
    return Promise.resolve(this.keep(content));
  }

  /** As `put`, at once. */
  keep(content: Uint8Array | string): Digest {
    const digest = digestOf(content);
    this.#contents.set(digest, Buffer.from(content));
    return digest;
  }

  get(digest: Digest): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.#contents.get(digest));
  }
}
