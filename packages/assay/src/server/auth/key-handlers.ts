import { type Scope, scopeSchema } from "@assay/sdk";
import { raise } from "#domain";
import { type ApiKeys, defaultTenant, type MutationLog } from "#ports";
import type { Caller } from "../caller.ts";
import type { Handlers } from "../handlers.ts";

const secondMs = 1_000;

/** The operations on keys, and the audit of all mutations: they need nothing of the project. */
export function keyHandlers(options: {
  keys: ApiKeys;
  mutations: MutationLog;
  now?: () => number;
  onKeyRevoked?: (keyId: string) => void;
}): Pick<Handlers, "createKey" | "listKeys" | "revokeKey" | "listAudit"> {
  const { keys, mutations, now = Date.now } = options;
  return {
    createKey: async ({ caller, body }) => {
      const { name, expiresInSeconds } = body;
      const tenant = tenantFor(caller, body.tenant);
      // Each scope once, in the order in which they are declared.
      const scopes = scopeSchema.options.filter((scope) => body.scopes.includes(scope));
      refuseMore(caller, scopes);
      const expiresAt = expiryWithin(
        caller,
        expiresInSeconds === undefined ? undefined : now() + expiresInSeconds * secondMs,
      );
      const end = expiresAt === undefined ? {} : { expiresAt };
      return keys.create({ tenant, name, scopes, madeBy: caller.keyId, ...end });
    },
    listKeys: async ({ caller, query }) => ({ items: await keys.list(tenantFor(caller, query.tenant)) }),
    revokeKey: async ({ caller, params, query }) => {
      const revoked = await keys.revoke(tenantFor(caller, query.tenant), params.id);
      if (revoked === undefined) raise("not-found", `there is no key ${params.id}`, "GET /v1/keys lists them");
      for (const id of [revoked.id, ...revoked.alsoRevoked]) options.onKeyRevoked?.(id);
      return revoked;
    },
    listAudit: async ({ caller, query }) => {
      const { cursor, limit } = query;
      const items = await mutations.read(caller.tenant, limit + 1, cursor === undefined ? undefined : toSeq(cursor));
      const shown = items.slice(0, limit);
      const last = shown.at(-1);
      return { items: shown, ...(items.length > limit && last !== undefined ? { next: String(last.seq) } : {}) };
    },
  };
}

/** A key that could make a mightier one would itself be as mighty. */
function refuseMore(caller: Caller, scopes: readonly Scope[]): void {
  const more = scopes.filter((scope) => !caller.scopes.has(scope));
  if (more.length > 0) {
    raise("forbidden", `a key cannot give what it has not: ${more.join(", ")}`, "use a key that has these scopes");
  }
}

/** Nor does it go on in another one: what a key made ends with it at the latest. */
function expiryWithin(caller: Caller, wanted: number | undefined): number | undefined {
  if (caller.expiresAt === undefined || wanted === undefined) return wanted ?? caller.expiresAt;
  if (wanted <= caller.expiresAt) return wanted;
  const end = new Date(caller.expiresAt).toISOString();
  return raise(
    "forbidden",
    `a key cannot make one that outlives it: it expires at ${end}`,
    "leave expiresInSeconds out",
  );
}

/** The tenant whose keys are asked about. */
function tenantFor(caller: Caller, tenant = caller.tenant): string {
  return tenant === caller.tenant || caller.tenant === defaultTenant
    ? tenant
    : raise("forbidden", "only a key of the default tenant makes, lists and revokes keys of others");
}

function toSeq(cursor: string): number {
  return /^[1-9]\d{0,14}$/.test(cursor)
    ? Number(cursor)
    : raise("usage", "the cursor is not one that this list gave", "leave it out to begin again");
}
