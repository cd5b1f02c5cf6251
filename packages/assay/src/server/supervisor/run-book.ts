import type { Fault, RunView } from "@assay/sdk";
import type { ListedRun } from "#app";
import { FaultError, type RunId, raise } from "#domain";
import type { RunSummary } from "#ports";
import { type RunFacts, runFacts } from "../projections/run-facts.ts";
import { runView } from "../projections/run-view.ts";
import type { TenantDesk } from "./tenant-desk.ts";

/** A run with what its journal and this process say about it. */
export type RunEntry = { summary: RunSummary; view: RunView; facts: RunFacts | undefined };

type Known = { events: number; facts: RunFacts } | { events: number; fault: Fault };

/** Projections that are kept; each is made again when its run has more events. */
const knownMax = 2_000;

/** The runs of one tenant, newest first, each projected once for each state of its journal. */
export class RunBook {
  readonly #desk: TenantDesk;
  readonly #known = new Map<RunId, Known>();

  constructor(desk: TenantDesk) {
    this.#desk = desk;
  }

  summaries(): Promise<RunSummary[]> {
    return this.#desk.project.journal.runs();
  }

  /** Behind a run, if given. Reads as it is asked for more: who wants a page does not pay for all. */
  async *entries(after?: { startedAt: number; run: string }): AsyncGenerator<RunEntry> {
    for (const summary of behind(await this.summaries(), after)) yield await this.#entryOf(summary);
  }

  /** Faults: `run-not-found`, `journal-corrupt`. */
  async entry(run: RunId): Promise<RunEntry & { facts: RunFacts }> {
    const summary = (await this.summaries()).find((one) => one.run === run);
    if (summary === undefined) raise("run-not-found", `there is no run ${run}`, "list the runs with: assay runs");
    const entry = await this.#entryOf(summary);
    const { facts } = entry;
    return facts === undefined ? raise("journal-corrupt", entry.view.summary) : { ...entry, facts };
  }

  async #entryOf(summary: RunSummary): Promise<RunEntry> {
    const known = await this.#know(summary);
    const { run } = summary;
    if ("fault" in known) {
      return { summary, view: runView(summary, { kind: "unreadable", fault: known.fault }, {}), facts: undefined };
    }
    const { facts } = known;
    const drive = this.#desk.driveOf(run);
    const end = this.#desk.endOf(run);
    const view = runView(
      summary,
      { kind: "readable", facts, status: this.#statusOf(summary, facts) },
      {
        ...(drive === undefined ? {} : { drive: { state: drive.state, now: drive.now } }),
        ...(end?.kind === "fault" ? { fault: end.fault } : {}),
      },
    );
    return { summary, view, facts };
  }

  #statusOf(summary: RunSummary, { state }: RunFacts): ListedRun["status"] {
    const { status } = this.#desk.project.standing({ ...summary, kind: "readable", state });
    // Nobody else works on the project: a run that this process does not drive either has lost its process. A child goes with its parent.
    return status === "running" && state.parent === undefined ? "interrupted" : status;
  }

  async #know(summary: RunSummary): Promise<Known> {
    const { run, events } = summary;
    const known = this.#known.get(run);
    if (known?.events === events) return known;
    const fresh = await this.#read(summary);
    this.#known.delete(run);
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= knownMax) this.#known.delete(oldest);
    this.#known.set(run, fresh);
    return fresh;
  }

  async #read({ run, events }: RunSummary): Promise<Known> {
    try {
      return { events, facts: runFacts(run, await this.#desk.project.journal.read(run)) };
    } catch (error) {
      if (error instanceof FaultError) return { events, fault: error.fault };
      throw error;
    }
  }
}

/** Where the run is gone, what is older than it was. */
function behind(summaries: readonly RunSummary[], after: { startedAt: number; run: string } | undefined): RunSummary[] {
  if (after === undefined) return [...summaries];
  const index = summaries.findIndex(({ run }) => run === after.run);
  return index === -1 ? summaries.filter(({ startedAt }) => startedAt < after.startedAt) : summaries.slice(index + 1);
}
