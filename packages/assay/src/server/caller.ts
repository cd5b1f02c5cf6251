import type { Scope } from "@assay/sdk";

/** Who asks, as the server has made sure of. Nothing is read or changed without the tenant. */
export type Caller = {
  tenant: string;
  /** The key's id, never the key; `local` for the key made at the start. */
  keyId: string;
  scopes: ReadonlySet<Scope>;
  /** As whoever made the key called it. */
  keyName?: string;
  /** The key's own end, in milliseconds since the Unix epoch; absent: until it is revoked. */
  expiresAt?: number;
};
