import { createPublicKey, type KeyObject } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { raise } from "#domain";
import { type KeyId, keyIdOf } from "./signer.ts";
import { findSigner } from "./signing-key.ts";

/** Whose receipts count; the key itself where it is known, so that a lone receipt can be checked too. */
export type TrustedKeys = ReadonlyMap<KeyId, KeyObject | undefined>;

const fileBytesMax = 1024 * 1024;
const keysMax = 1000;
const pemBlock = /-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g;

/**
 * The keys in `file`, and only those; without a file, the user's own key where there is one (none is made).
 * Throws a `FaultError` of code `key-invalid` for a file that cannot be read or holds anything else.
 */
export async function loadTrustedKeys(
  file?: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<TrustedKeys> {
  if (file === undefined) {
    const own = await findSigner(env);
    return own === undefined ? new Map() : new Map([[own.keyid, createPublicKey(own.publicKeyPem)]]);
  }
  try {
    if ((await stat(file)).size > fileBytesMax) raise("key-invalid", `${file} is larger than ${fileBytesMax} bytes`);
    return parseTrustedKeys(await readFile(file, "utf8"), file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code === "string") raise("key-invalid", `cannot read the trusted keys in ${file} (${code})`);
    throw error;
  }
}

/** PEM public keys one after another, and lines of key ids (64 hex digits, `sha256:` before it or not); `#` starts a comment. */
export function parseTrustedKeys(text: string, from: string): TrustedKeys {
  const keys = new Map<KeyId, KeyObject | undefined>();
  const rest = text.replace(pemBlock, (pem) => {
    const key = parsePublicKey(pem, from);
    keys.set(keyIdOf(key), key);
    return "";
  });
  for (const line of rest.split(/\r?\n/)) {
    const word = line.replace(/#.*$/, "").trim();
    if (word === "") continue;
    const keyid = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(word)?.[1]?.toLowerCase();
    if (keyid === undefined) {
      raise("key-invalid", `${from} has a line that is neither a PEM public key nor a key id of 64 hex digits`);
    }
    if (!keys.has(keyid)) keys.set(keyid, undefined);
  }
  if (keys.size === 0) raise("key-invalid", `${from} holds no key`);
  if (keys.size > keysMax) raise("key-invalid", `${from} holds more than ${keysMax} keys`);
  return keys;
}

/** Throws a `FaultError` of code `key-invalid` unless it is an Ed25519 public key. */
export function parsePublicKey(pem: string, from: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    raise("key-invalid", `${from} holds a public key that cannot be read`);
  }
  if (key.asymmetricKeyType !== "ed25519") raise("key-invalid", `${from} holds a key that is not ed25519`);
  return key;
}
