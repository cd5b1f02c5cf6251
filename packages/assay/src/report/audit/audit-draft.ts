import type { AuditDigest, AuditEntry, Digest, RunEvent } from "@assay/sdk";

/** What an event says to an auditor; where and when it was is added to it. */
export type AuditDraft = Pick<AuditEntry, "actor" | "action" | "subject" | "detail"> &
  Partial<Pick<AuditEntry, "facts" | "digests">>;

export type EventOf<T extends RunEvent["type"]> = Extract<RunEvent, { type: T }>;

/** Content in the store of blobs; nothing where there is no digest. */
export function blob(name: string, digest: Digest | undefined): AuditDigest[] {
  return digest === undefined ? [] : [{ name, digest }];
}
