import type { RunEvent } from "@assay/sdk";
import type { RunId } from "#domain";
import type { Journal, TailEntry } from "#ports";
import { RunTrace } from "./run-trace.ts";
import type { SpanExport } from "./span-export.ts";

/** Runs whose open spans are kept in mind; of one over it, what is still open is learned again from its journal. */
const runsMax = 1_000;

/** Sends the spans of runs while they go on, from the tail of their journal. */
export class LiveTraces {
  readonly #journal: Pick<Journal, "read">;
  readonly #spans: SpanExport;
  readonly #runs = new Map<RunId, RunTrace>();

  constructor(journal: Pick<Journal, "read">, spans: SpanExport) {
    this.#journal = journal;
    this.#spans = spans;
  }

  /** Entries in the order of the tail. */
  async add({ run, ...entry }: TailEntry): Promise<void> {
    if (entry.kind === "unreadable") return;
    const trace = this.#runs.get(run) ?? (await this.#recall(run, entry.event));
    this.#spans.add(trace.add(entry.event));
    if (entry.event.type === "result") this.#runs.delete(run);
    else this.#keep(run, trace);
  }

  /** What a run that began before had open by then. Its spans that had ended were sent by whoever was there. */
  async #recall(run: RunId, event: RunEvent): Promise<RunTrace> {
    const trace = new RunTrace(run);
    if (event.seq === 1) return trace;
    // A run that cannot be read has its spans from here on; that it is corrupt is told elsewhere.
    const before = await this.#journal.read(run).catch(() => []);
    for (const earlier of before) if (earlier.seq < event.seq) trace.add(earlier);
    return trace;
  }

  #keep(run: RunId, trace: RunTrace): void {
    // Used last stands last.
    this.#runs.delete(run);
    this.#runs.set(run, trace);
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > runsMax && oldest !== undefined) this.#runs.delete(oldest);
  }
}
