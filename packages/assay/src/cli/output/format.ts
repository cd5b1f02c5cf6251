/** The first twelve digits of a digest: enough for a person to compare. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, "").slice(0, 12);
}
