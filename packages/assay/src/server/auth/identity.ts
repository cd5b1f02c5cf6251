import type { Fault } from "@assay/sdk";
import type { Caller } from "../caller.ts";

/** Who asks, and by which credential: a browser sends a cookie by itself, so that more is asked of what came by one. */
export type Identity = {
  caller: Caller;
  via: "key" | "cookie";
  /** Milliseconds since the Unix epoch; absent: until it is revoked. */
  expiresAt?: number;
};

/** What was made of a request's credentials. `owner`: whose key it was, where it is one that was given out. */
export type Authentication =
  | { kind: "known"; identity: Identity }
  | { kind: "none" }
  | { kind: "refused"; fault: Fault; owner?: Caller };
