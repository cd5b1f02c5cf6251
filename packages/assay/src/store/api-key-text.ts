import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { raise } from "#domain";

const shape = /^assay_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

/**
 * A new key: `assay_ID_SECRET`, the secret being 256 random bits. The id is not secret: by it a key is found and spoken of.
 * Plain SHA-256 is kept of it. A slow hash makes guessing what people choose dear; among 2^256 there is nothing to guess.
 */
export function newApiKey(): { id: string; key: string; hash: string } {
  const id = randomBytes(8).toString("hex");
  const key = `assay_${id}_${randomBytes(32).toString("base64url")}`;
  return { id, key, hash: hashOf(key) };
}

/** The id of what is presented as a key; `undefined`: nothing that we ever made. */
export function apiKeyId(presented: string): string | undefined {
  return shape.exec(presented)?.[1];
}

/** Takes the same time wherever they differ. */
export function isKeyOf(presented: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(presented)), Buffer.from(hash.padEnd(64, "0").slice(0, 64)));
}

function hashOf(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

/** What a revoked key makes would live on after it. */
export function refuseRevokedMaker(): never {
  raise("unauthorized", "the key that makes it was revoked", "use another key");
}
