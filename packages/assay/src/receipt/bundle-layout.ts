import type { Digest, ReceiptStatement } from "@assay/sdk";

/** The files of a bundle beside its evidence. */
export const bundleFiles = {
  receipt: "receipt.json",
  patch: "patch.diff",
  publicKey: "public-key.pem",
  /** For `sha256sum -c SHA256SUMS`, by anyone, without this program. */
  sums: "SHA256SUMS",
} as const;

/** Largest file that is read from a bundle. */
export const bundleFileBytesMax = 64 * 1024 * 1024;

/** All files of a bundle together; whoever checks one holds it in memory. */
export const bundleBytesMax = 512 * 1024 * 1024;

export function observationPath(digest: Digest): string {
  return `evidence/${digest.replace(":", "-")}.json`;
}

export function outputPath(digest: Digest): string {
  return `evidence/${digest.replace(":", "-")}.txt`;
}

/** Which content a statement refers to, by the path it has in a bundle. The names come from digests alone, never from elsewhere. */
export function attestedFiles(statement: ReceiptStatement): Map<string, Digest> {
  const { patch, evidence } = statement.predicate.assay;
  const files = new Map<string, Digest>([[bundleFiles.patch, patch.digest]]);
  for (const { digest, stdout, stderr } of evidence) {
    files.set(observationPath(digest), digest);
    files.set(outputPath(stdout), stdout);
    files.set(outputPath(stderr), stderr);
  }
  return files;
}

/** The content of `SHA256SUMS` for all other files, sorted by path. */
export function sumsText(files: ReadonlyMap<string, Digest>): string {
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, digest]) => `${digest.slice("sha256:".length)}  ${path}\n`)
    .join("");
}
