import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { raise } from "#domain";

/** Which worker a key is of a tenant: the same on every machine. Throws `key-invalid` for what is no Ed25519 public key in PEM. */
export function workerIdOf(tenant: string, publicKeyPem: string): string {
  const der = workerKey(publicKeyPem).export({ type: "spki", format: "der" });
  return `w-${createHash("sha256").update(`${tenant}\n`).update(der).digest("hex").slice(0, 24)}`;
}

/** A worker's public key. Throws `key-invalid`. */
export function workerKey(publicKeyPem: string): KeyObject {
  const remedy = "register with the public half of an Ed25519 key, SPKI in PEM";
  // Node makes the public key of a private one without a word: whoever sends that has published it.
  if (!publicKeyPem.includes("-----BEGIN PUBLIC KEY-----"))
    raise("key-invalid", "that is no public key in PEM", remedy);
  let key: KeyObject;
  try {
    key = createPublicKey(publicKeyPem);
  } catch {
    raise("key-invalid", "the worker's public key cannot be read", remedy);
  }
  if (key.asymmetricKeyType === "ed25519") return key;
  return raise("key-invalid", `the worker's key is of type ${key.asymmetricKeyType}, not ed25519`, remedy);
}
