import { createHmac } from "node:crypto";
import { canonicalJson } from "#ports";

/**
 * A number in [0, 1) for a claim: the same each time, even over all claims, and not to be foreseen without the secret. The first 48 bits
 * of an HMAC-SHA-256 over run, task and token.
 */
export function sampleDraw(secret: Uint8Array, claim: { run: string; task: string; token: number }): number {
  const { run, task, token } = claim;
  const mac = createHmac("sha256", secret).update(canonicalJson({ run, task, token })).digest();
  return mac.readUIntBE(0, 6) / 2 ** 48;
}
