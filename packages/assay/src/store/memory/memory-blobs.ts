import { type Digest, digestSchema } from "@assay/sdk";
import { type Blobs, digestOf } from "#ports";

/** Blobs in this process's memory. */
export class MemoryBlobs implements Blobs {
  readonly #contents = new Map<Digest, Uint8Array>();

  async put(content: Uint8Array | string): Promise<Digest> {
    const digest = digestOf(content);
    this.#contents.set(digest, Uint8Array.from(Buffer.from(content)));
    return digest;
  }

  async get(digest: Digest): Promise<Uint8Array | undefined> {
    const content = this.#contents.get(digestSchema.parse(digest));
    return content === undefined ? undefined : Uint8Array.from(content);
  }
}
