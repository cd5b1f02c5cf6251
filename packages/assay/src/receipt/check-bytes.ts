import type { KeyObject } from "node:crypto";
import type { ReceiptEnvelope, ReceiptStatement } from "@assay/sdk";
import { digestOf } from "#ports";
import { attestedFiles, bundleFiles, sumsText } from "./bundle-layout.ts";
import { isSignedBy } from "./envelope.ts";
import type { FoundReceipt } from "./read-bundle.ts";
import { keyIdOf, publicKeyPemOf } from "./signer.ts";
import { parsePublicKey, type TrustedKeys } from "./trusted-keys.ts";
import type { ReceiptCheck } from "./verification.ts";

/** Over the exact payload bytes, with the bundled public key or a trusted one of the same id. */
export function checkSignature(
  envelope: ReceiptEnvelope,
  contents: ReadonlyMap<string, Uint8Array>,
  trusted: TrustedKeys,
): ReceiptCheck {
  const check = (status: ReceiptCheck["status"], detail: string): ReceiptCheck => ({
    name: "signature",
    status,
    detail,
  });
  const keyid = envelope.signatures[0]?.keyid ?? "";
  const bundled = contents.get(bundleFiles.publicKey);
  let key: KeyObject | undefined = trusted.get(keyid);
  if (bundled !== undefined) {
    const pem = Buffer.from(bundled).toString("latin1");
    key = tryPublicKey(pem);
    if (key === undefined || publicKeyPemOf(key) !== pem)
      return check("failed", "the bundled public key cannot be read");
    if (keyIdOf(key) !== keyid) return check("failed", "the bundled public key is not the one the receipt names");
  }
  if (key === undefined) return check("unknown", `the public key ${keyid} is not at hand`);
  return isSignedBy(envelope, key)
    ? check("ok", `Ed25519, key ${keyid}`)
    : check("failed", "the signature does not match");
}

function tryPublicKey(pem: string): KeyObject | undefined {
  try {
    return parsePublicKey(pem, "the bundle");
  } catch {
    return undefined;
  }
}

/** Nothing missing, nothing more, every byte as signed. */
export function checkFiles(
  found: FoundReceipt,
  statement: ReceiptStatement,
  contents: ReadonlyMap<string, Uint8Array>,
): ReceiptCheck {
  const check = (status: ReceiptCheck["status"], detail: string): ReceiptCheck => ({ name: "files", status, detail });
  if (found.kind === "lone") return check("unknown", "the receipt is alone, without patch and evidence");
  const attested = attestedFiles(statement);
  const expected = new Set<string>([...attested.keys(), ...Object.values(bundleFiles)]);
  for (const file of expected) if (!contents.has(file)) return check("failed", `missing: ${file}`);
  for (const file of found.files) if (!expected.has(file)) return check("failed", `not part of the bundle: ${file}`);
  const actual = new Map([...contents].map(([file, bytes]) => [file, digestOf(bytes)]));
  for (const [file, digest] of attested) if (actual.get(file) !== digest) return check("failed", `changed: ${file}`);
  const sums = contents.get(bundleFiles.sums) ?? new Uint8Array();
  actual.delete(bundleFiles.sums);
  if (!Buffer.from(sumsText(actual)).equals(sums)) return check("failed", `changed: ${bundleFiles.sums}`);
  return check("ok", `${expected.size} files, every byte`);
}
