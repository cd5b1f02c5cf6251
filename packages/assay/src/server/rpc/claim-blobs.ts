import { type Digest, digestSchema } from "@assay/sdk";
import { raise } from "#domain";
import type { Blobs } from "#ports";
import type { HeldClaim } from "./held-claim.ts";

/** One message of the protocol carries it. */
export const blobBytesMax = 8 * 1024 * 1024;
/** What a worker may put for one claim. */
const putBytesMax = 64 * 1024 * 1024;
/** Claims whose documents are remembered. */
const rememberedMax = 4096;

type Known = { readable: ReadonlySet<Digest>; putBytes: number };

/** Bytes that a claim opens: its input document, what that names by digest, and what was put under the claim. */
export class ClaimBlobs {
  readonly #known = new Map<string, Known>();

  /** Throws `not-found`, in the same words whether the store has it or not. */
  async fetch(blobs: Blobs, claim: HeldClaim, digest: string): Promise<Uint8Array> {
    const parsed = digestSchema.safeParse(digest);
    if (!parsed.success) raise("usage", "that is no digest", "write it as sha256: and 64 hex digits");
    const { readable } = await this.#of(blobs, claim);
    const content = readable.has(parsed.data) ? await blobs.get(parsed.data) : undefined;
    return content ?? raise("not-found", `the claim refers to nothing of digest ${parsed.data}`);
  }

  /** Throws `too-large`. */
  async put(blobs: Blobs, claim: HeldClaim, content: Uint8Array): Promise<Digest> {
    const known = await this.#of(blobs, claim);
    if (content.length > blobBytesMax) raise("too-large", `a blob has at most ${blobBytesMax} bytes`);
    known.putBytes += content.length;
    if (known.putBytes > putBytesMax) raise("too-large", `a claim's blobs have at most ${putBytesMax} bytes together`);
    return blobs.put(content);
  }

  async #of(blobs: Blobs, claim: HeldClaim): Promise<Known> {
    const key = JSON.stringify([claim.worker, claim.run, claim.task, claim.token]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const input = await blobs.get(claim.input);
    const readable = new Set([claim.input, ...(input === undefined ? [] : digestsIn(input))]);
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= rememberedMax) this.#known.delete(oldest);
    const fresh = { readable, putBytes: 0 };
    this.#known.set(key, fresh);
    return fresh;
  }
}

/** Every string of a JSON document that is a digest. The daemon wrote the document; what only looks like one names nothing. */
function digestsIn(document: Uint8Array): Digest[] {
  const found: Digest[] = [];
  try {
    JSON.parse(Buffer.from(document).toString("utf8"), (_key, value: unknown) => {
      const digest = typeof value === "string" ? digestSchema.safeParse(value) : undefined;
      if (digest?.success) found.push(digest.data);
      return value;
    });
  } catch {
    // Not JSON: it refers to nothing else.
  }
  return found;
}
