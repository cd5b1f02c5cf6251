import type { AuditRecord } from "@assay/sdk";

/** What was asked of a server that changes something, by whom, and what came of it. */
export interface MutationLog {
  /** Durable when it settles. Gives its `seq`. A `status` of 0: what comes of it is not known yet. */
  append(record: Omit<AuditRecord, "seq">): Promise<number>;
  /** What came of it, and what it was done to, where that was not known before; nothing for a `seq` that there is not. */
  settle(seq: number, status: number, target?: string): Promise<void>;
  /** Newest first; `before`: only records with a smaller `seq`. */
  read(tenant: string, recordsMax: number, before?: number): Promise<AuditRecord[]>;
}
