import { blobBytesMax } from "./claim-blobs.ts";

/** Bounds of workers' calls and connections, the same over HTTP/1.1 and HTTP/2; times in milliseconds. */
export const rpcLimits = {
  /** A message of any call but PutBlob. The largest is a heartbeat of 256 claims, named in full. */
  callBytesMax: 256 * 1024,
  /** A message of PutBlob carries a blob, its claim, and what base64 adds in JSON. */
  blobCallBytesMax: Math.ceil((blobBytesMax * 4) / 3) + 64 * 1024,
  /** Calls of PutBlob of one worker at a time: each is held in memory whole. */
  blobCallsMax: 8,
  /** A call's body has come by then. */
  bodyMsMax: 60_000,
  /** An HTTP/2 connection on which nothing comes or goes is closed, unless a stream is open and the other end answers. */
  idleMsMax: 60_000,
  /** A new HTTP/2 connection has made a call that was let in by then. */
  strangerMsMax: 15_000,
  /** Calls in a minute of one address that are refused, and of one API key. */
  strangerCallsMax: 3_000,
} as const;

export type RpcLimits = Readonly<Record<keyof typeof rpcLimits, number>>;
