import { verify } from "node:crypto";
import { workerKey } from "#ports";
import { preAuthEncoding } from "#receipt";

/** Whether it is the worker's Ed25519 signature over the payload, encoded as DSSE says. */
export function isSignedBy(publicKeyPem: string, type: string, payload: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  return verify(null, preAuthEncoding(type, payload), workerKey(publicKeyPem), signature);
}
