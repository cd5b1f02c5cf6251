import { createHash, createPublicKey, type KeyObject, sign } from "node:crypto";

/** SHA-256 of the public key's SPKI DER, in hex. */
export type KeyId = string;

/** Something that signs; the private key cannot be reached through it. */
export interface Signer {
  readonly keyid: KeyId;
  /** SPKI, PEM. */
  readonly publicKeyPem: string;
  /** A raw Ed25519 signature, 64 bytes, the same for the same message. */
  sign(message: Uint8Array): Uint8Array;
}

/** The signer for an Ed25519 private key. The key stays in this closure, out of reach of logs and serialisers. */
export function signerFor(privateKey: KeyObject): Signer {
  const publicKey = createPublicKey(privateKey);
  return {
    keyid: keyIdOf(publicKey),
    publicKeyPem: publicKeyPemOf(publicKey),
    sign: (message) => sign(null, message, privateKey),
  };
}

export function keyIdOf(publicKey: KeyObject): KeyId {
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("hex");
}

export function publicKeyPemOf(publicKey: KeyObject): string {
  return publicKey.export({ type: "spki", format: "pem" }).toString();
}
