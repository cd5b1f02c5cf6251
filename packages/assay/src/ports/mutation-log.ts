import type { AuditRecord } from "@assay/sdk";

/** What was asked of a server that changes something, by whom, and what came of it. Kept before the answer is sent. */
export interface MutationLog {
  append(record: Omit<AuditRecord, "seq">): Promise<void>;
  /** Newest first; `before`: only records with a smaller `seq`. */
  read(tenant: string, recordsMax: number, before?: number): Promise<AuditRecord[]>;
}
