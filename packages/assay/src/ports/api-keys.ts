import type { ApiKeyView, RevokedKey, Scope } from "@assay/sdk";

export type NewApiKey = { tenant: string; name: string; scopes: readonly Scope[]; expiresAt?: number; madeBy?: string };

/**
 * Keys of a server's clients. Only a key's hash is kept; the key itself is told once, when it is made.
 * - `find` looks a presented key up whatever its tenant: it is what tells the tenant. Everything else asks for one tenant.
 */
export interface ApiKeys {
  /** Throws `unauthorized` where the key that makes it was revoked meanwhile. */
  create(key: NewApiKey): Promise<{ key: string; view: ApiKeyView }>;
  /** Also one that is expired or revoked: the caller tells them apart. Notes its use, to the minute. */
  find(key: string): Promise<ApiKeyView | undefined>;
  /** Also one that is expired or revoked. */
  read(tenant: string, id: string): Promise<ApiKeyView | undefined>;
  /** Newest first. */
  list(tenant: string): Promise<ApiKeyView[]>;
  /** With all keys that it made, and that those made, of whatever tenant. `undefined`: the tenant has no such key. */
  revoke(tenant: string, id: string): Promise<RevokedKey | undefined>;
}
