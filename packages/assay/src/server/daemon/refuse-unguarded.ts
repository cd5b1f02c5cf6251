import { raise } from "#domain";
import { type ApiKeys, defaultTenant } from "#ports";

const loopback = /^(?:127(?:\.\d{1,3}){3}|localhost|::1)$/;

/** The local key stays on this machine: whoever asks from elsewhere needs one that somebody made. Fault: `usage`. */
export async function refuseUnguarded(host: string, environmentKey: string | undefined, keys: ApiKeys): Promise<void> {
  if (loopback.test(host) || environmentKey !== undefined) return;
  if ((await keys.list(defaultTenant)).some(({ revokedAt }) => revokedAt === undefined)) return;
  raise(
    "usage",
    `--host ${host} is beyond this machine, and nobody there would have a key`,
    "set ASSAY_API_KEY to at least 32 random characters, or make a key first (POST /v1/keys)",
  );
}
