import type { RunView } from "@assay/sdk";
import { parseRunId } from "#app";
import type { RunId } from "#domain";
import type { Caller } from "../caller.ts";
import { RunBook, type RunEntry } from "../supervisor/run-book.ts";
import type { Supervisor } from "../supervisor/supervisor.ts";
import type { TenantDesk } from "../supervisor/tenant-desk.ts";

/** The caller's own tenant, and nothing of another's. */
export class TenantRuns {
  readonly #supervisor: Supervisor;
  readonly #books = new WeakMap<TenantDesk, RunBook>();

  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor;
  }

  async of({ caller }: { caller: Caller }): Promise<{ desk: TenantDesk; book: RunBook }> {
    const desk = await this.#supervisor.desk(caller.tenant);
    const book = this.#books.get(desk) ?? new RunBook(desk);
    this.#books.set(desk, book);
    return { desk, book };
  }

  /** Faults: `run-not-found`, also for another tenant's; `journal-corrupt`. */
  async named(call: {
    caller: Caller;
    params: { run: string };
  }): Promise<{ desk: TenantDesk; run: RunId; entry: RunEntry }> {
    const run = parseRunId(call.params.run);
    const { desk, book } = await this.of(call);
    return { desk, run, entry: await book.entry(run) };
  }

  async view(call: { caller: Caller }, run: RunId): Promise<RunView> {
    return (await (await this.of(call)).book.entry(run)).view;
  }
}
