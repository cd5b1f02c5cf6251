import type { Scope } from "@assay/sdk";

/** Who asks, as the server has made sure of. Nothing is read or changed without the tenant. */
export type Caller = {
  tenant: string;
  /** The key's id, never the key; `local` for the key made at the start. */
  keyId: string;
  scopes: ReadonlySet<Scope>;
};
