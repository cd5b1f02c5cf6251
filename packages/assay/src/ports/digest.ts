import { createHash } from "node:crypto";
import type { Digest } from "@assay/sdk";
import canonicalize from "canonicalize";

/** The content address of bytes or of UTF-8 text. */
export function digestOf(content: Uint8Array | string): Digest {
  return `sha256:${createHash("sha256").update(content).digest("hex")}` as Digest;
}

/** RFC 8785 canonical JSON; throws on values JSON cannot hold. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("value has no JSON form");
  return text;
}
