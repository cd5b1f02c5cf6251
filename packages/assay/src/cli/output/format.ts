/** The first twelve digits of a digest: enough for a person to compare. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, "").slice(0, 12);
}

/** As people read small sums: `$0.0123`; nothing spent is `free`. */
export function formatMoney(costMicroUsd: number): string {
  return costMicroUsd === 0 ? "free" : `$${(costMicroUsd / 1e6).toFixed(costMicroUsd < 1e6 ? 4 : 2)}`;
}
