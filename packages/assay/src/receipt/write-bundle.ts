import { readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Digest, ReceiptStatement } from "@assay/sdk";
import { raise } from "#domain";
import { type Blobs, canonicalJson, digestOf } from "#ports";
import { attestedFiles, bundleBytesMax, bundleFileBytesMax, bundleFiles, sumsText } from "./bundle-layout.ts";
import { signStatement } from "./envelope.ts";
import type { Signer } from "./signer.ts";
import { raiseWriteFault, syncDirectory, writeArtifact } from "./write-artifact.ts";

export type BundleRequest = {
  /** Where the bundle appears: a directory of this run alone. A bundle that is there already is replaced. */
  directory: string;
  statement: ReceiptStatement;
  signer: Signer;
  /** Holds the patch, the observations and their output. */
  blobs: Blobs;
};

export type WrittenBundle = {
  directory: string;
  /** Absolute path of `receipt.json` inside it. */
  receipt: string;
  receiptDigest: Digest;
  /** Of `SHA256SUMS`, and so of everything in the bundle. */
  digest: Digest;
  keyid: string;
};

/**
 * Signs a statement and writes it with everything it refers to. The same statement and key give the same bytes.
 * The directory appears whole or not at all: it is made beside its place, as `<directory>.partial`, and renamed.
 * Throws a `FaultError`: `receipt-invalid` when content it refers to is not among the blobs, `disk-full`, `state-not-writable`.
 */
export async function writeBundle(request: BundleRequest): Promise<WrittenBundle> {
  const { directory, statement, signer } = request;
  const envelope = `${canonicalJson(signStatement(statement, signer))}\n`;
  const staging = `${directory}.partial`;
  await rm(staging, { recursive: true, force: true });

  const digests = new Map<string, Digest>();
  let bytes = 0;
  const write = async (path: string, content: Uint8Array | string): Promise<void> => {
    bytes += Buffer.byteLength(content);
    if (Buffer.byteLength(content) > bundleFileBytesMax) {
      raise("receipt-invalid", `${path} would be larger than the ${bundleFileBytesMax} bytes a bundle's file may have`);
    }
    if (bytes > bundleBytesMax) raise("receipt-invalid", `the bundle would be larger than ${bundleBytesMax} bytes`);
    digests.set(path, await writeArtifact(join(staging, path), content));
  };
  for (const [path, digest] of attestedFiles(statement)) {
    const content = await request.blobs.get(digest);
    if (content === undefined) raise("receipt-invalid", `the receipt refers to ${digest}, which was not kept`);
    await write(path, content);
  }
  await write(bundleFiles.publicKey, signer.publicKeyPem);
  await write(bundleFiles.receipt, envelope);
  const digest = await writeArtifact(join(staging, bundleFiles.sums), sumsText(digests));
  await replaceDirectory(staging, directory);
  return {
    directory,
    receipt: join(directory, bundleFiles.receipt),
    receiptDigest: digestOf(envelope),
    digest,
    keyid: signer.keyid,
  };
}

/** A crash in between leaves the old bundle, the new one, or both beside the place; never a mixture in it. */
async function replaceDirectory(staging: string, directory: string): Promise<void> {
  const replaced = `${directory}.replaced`;
  try {
    const present = await readdir(directory).catch(() => undefined);
    if (present !== undefined && present.length > 0) {
      if (!present.includes(bundleFiles.receipt)) {
        raise("state-not-writable", `${directory} holds something that is not a bundle`, "Move it out of the way.");
      }
      await rm(replaced, { recursive: true, force: true });
      await rename(directory, replaced);
    }
    await rename(staging, directory);
    await rm(replaced, { recursive: true, force: true });
    await syncDirectory(dirname(directory));
  } catch (error) {
    raiseWriteFault(directory, error);
  }
}
