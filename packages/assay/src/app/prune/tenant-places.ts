import { join } from "node:path";
import { defaultTenant } from "#ports";
import type { StateDirectory } from "../state-directory.ts";

export type TenantPlaces = { tenant: string; blobs: string; runs: string };

/** Where a tenant's content and artifacts are; `undefined` for a name that no tenant has. */
export function tenantPlaces(state: StateDirectory, tenant: string): TenantPlaces | undefined {
  if (tenant === defaultTenant) return { tenant, blobs: join(state.path, "blobs"), runs: join(state.path, "runs") };
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(tenant)) return undefined;
  const own = join(state.path, "tenants", tenant);
  return { tenant, blobs: join(own, "blobs"), runs: join(own, "runs") };
}
