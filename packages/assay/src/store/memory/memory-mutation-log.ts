import type { AuditRecord } from "@assay/sdk";
import type { MutationLog } from "#ports";

/** Mutations in this process's memory. */
export class MemoryMutationLog implements MutationLog {
  readonly #records: AuditRecord[] = [];

  async append(record: Omit<AuditRecord, "seq">): Promise<number> {
    return this.#records.push({ ...record, seq: this.#records.length + 1 });
  }

  async settle(seq: number, status: number, target?: string): Promise<void> {
    const record = this.#records[seq - 1];
    if (record !== undefined) Object.assign(record, { status, target: target ?? record.target });
  }

  async read(tenant: string, recordsMax: number, before = Number.POSITIVE_INFINITY): Promise<AuditRecord[]> {
    const found = this.#records.filter((record) => record.tenant === tenant && record.seq < before);
    return structuredClone(found.reverse().slice(0, recordsMax));
  }
}
