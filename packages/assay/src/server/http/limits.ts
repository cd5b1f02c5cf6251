import type { RouteName } from "@assay/sdk";

/** Bounds of one connection and one request; times in milliseconds. */
export const httpLimits = {
  urlBytesMax: 8_192,
  headerBytesMax: 16_384,
  headersMax: 100,
  bodyBytesMax: 1 << 20,
  /** In base64, so a third less of content. */
  blobBodyBytesMax: 32 << 20,
  /** Such bodies at a time, of all and of one key: one takes some five times its size while it is read. */
  blobsMax: 4,
  blobsPerKeyMax: 2,
  /** A client that sends its headers, or its whole request, byte by byte is cut off. */
  headersMsMax: 10_000,
  requestMsMax: 60_000,
  /** How often connections are looked at for that. */
  connectionsCheckMs: 2_000,
  keepAliveMs: 15_000,
  connectionsMax: 4_000,
} as const;

export function bodyBytesMax(name: RouteName): number {
  return name === "keepBlob" ? httpLimits.blobBodyBytesMax : httpLimits.bodyBytesMax;
}
