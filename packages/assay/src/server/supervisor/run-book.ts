import type { ApprovalView, BudgetView, FaultCode, RunView, TaskView } from "@assay/sdk";
import { type ListedRun, parseRunId } from "#app";
import { FaultError, type RunId, raise } from "#domain";
import type { RunSummary } from "#ports";
import { type RunFacts, runFacts } from "../projections/run-facts.ts";
import { runView } from "../projections/run-view.ts";
import { breath, type RunPlace } from "./run-index.ts";
import type { RunRow } from "./run-row.ts";
import type { DeskProject, TenantDesk } from "./tenant-desk.ts";

/** A run with what its journal and this process say about it. */
export type RunEntry = { summary: RunSummary; view: RunView; facts: RunFacts };

/** A run as lists show it. */
export type ListedEntry = Pick<RunRow, "summary" | "goalId" | "goal"> & { view: RunView };

/** Of a list: its own entry says what is wrong with it. */
const leftOut: ReadonlySet<FaultCode> = new Set(["run-not-found", "journal-corrupt"]);
/** Runs whose facts are kept: those that were asked for last. */
const knownMax = 100;
/** Between two breaths. */
const rowsMax = 500;

/** The runs of one tenant, newest first: lists from the index, and of a run's journal only what is asked for. */
export class RunBook {
  readonly #desk: TenantDesk<DeskProject>;
  readonly #known = new Map<string, RunFacts>();

  constructor(desk: TenantDesk<DeskProject>) {
    this.#desk = desk;
  }

  /** Behind a run, if given. */
  async *listed(after?: RunPlace): AsyncGenerator<ListedEntry> {
    for await (const row of this.#rows(after)) yield { ...row, view: this.#viewOfRow(row) };
  }

  /** Faults: `run-not-found`, `journal-corrupt`. */
  async entry(run: RunId): Promise<RunEntry> {
    const facts = await this.#factsOf(run);
    const { state, startedAt, lastEventAt } = facts;
    const summary = { run, events: state.lastSeq, startedAt, lastEventAt };
    const status = this.#statusOf(state.status, state.owner, state.parent !== undefined);
    return { summary, view: this.#viewOf(summary, { kind: "readable", facts, status }), facts };
  }

  async approvals(): Promise<ApprovalView[]> {
    const items: ApprovalView[] = [];
    for await (const { summary, standing, asksApproval } of this.#rows()) {
      if (!asksApproval || standing.result !== undefined) continue;
      const facts = await this.#readable(summary.run);
      if (facts?.approval !== undefined) items.push(facts.approval);
    }
    return items;
  }

  /** Of this run alone, if given; else of all, beginning with a run. */
  async *tasks({ run, from }: { run?: string | undefined; from?: string | undefined }): AsyncGenerator<TaskView> {
    if (run !== undefined) {
      yield* (await this.#readable(run))?.tasks ?? [];
      return;
    }
    for await (const { summary, hasTasks } of this.#rowsFrom(from)) {
      if (hasTasks) yield* (await this.#readable(summary.run))?.tasks ?? [];
    }
  }

  async *budgets(from: string | undefined): AsyncGenerator<BudgetView> {
    for await (const { summary } of this.#rowsFrom(from)) {
      const facts = await this.#readable(summary.run);
      if (facts !== undefined) yield facts.budget;
    }
  }

  async *#rows(after?: RunPlace): AsyncGenerator<RunRow> {
    const { index } = this.#desk;
    await index.caughtUp();
    let rows = 0;
    for (const row of index.newestFirst(after)) {
      if (++rows % rowsMax === 0) await breath();
      yield row;
    }
  }

  /** Nothing, where there is no such run. */
  async *#rowsFrom(from: string | undefined): AsyncGenerator<RunRow> {
    const { index } = this.#desk;
    await index.caughtUp();
    const first = from === undefined ? undefined : index.get(from);
    if (from !== undefined && first === undefined) return;
    if (first !== undefined) yield first;
    yield* this.#rows(first?.summary);
  }

  /** `undefined` for what is there and cannot be read, and for what is not there. */
  async #readable(run: string): Promise<RunFacts | undefined> {
    try {
      return await this.#factsOf(run);
    } catch (error) {
      if (error instanceof FaultError && leftOut.has(error.fault.code)) return undefined;
      throw error;
    }
  }

  async #factsOf(run: string): Promise<RunFacts> {
    const known = this.#known.get(run);
    const { index, project } = this.#desk;
    if (known !== undefined && index.isMade) {
      await index.caughtUp();
      if (index.get(run)?.summary.events === known.state.lastSeq) return this.#remember(run, known);
    }
    const events = await project.journal.read(parseRunId(run));
    // Who asks for many of them is not the only one who asks.
    await breath();
    if (events.length === 0) raise("run-not-found", `there is no run ${run}`, "list the runs with: assay runs");
    return this.#remember(run, runFacts(run, events));
  }

  #remember(run: string, facts: RunFacts): RunFacts {
    this.#known.delete(run);
    this.#known.set(run, facts);
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size > knownMax) this.#known.delete(oldest);
    return facts;
  }

  #viewOfRow(row: RunRow): RunView {
    const { summary, unreadable, standing: state } = row;
    if (unreadable !== undefined) return this.#viewOf(summary, { kind: "unreadable", fault: unreadable });
    const status = this.#statusOf(row.status, row.owner, row.isPart);
    return this.#viewOf(summary, { kind: "readable", facts: { state }, status });
  }

  #viewOf(summary: RunSummary, known: Parameters<typeof runView>[1]): RunView {
    const drive = this.#desk.driveOf(summary.run);
    const end = this.#desk.endOf(summary.run);
    const { halted } = this.#desk;
    const isHeld =
      drive === undefined && halted !== undefined && known.kind === "readable" && known.status === "queued";
    return runView(summary, known, {
      ...(drive === undefined ? {} : { drive: { state: drive.state, now: drive.now } }),
      ...(isHeld ? { drive: { state: "queued", now: halted } } : {}),
      ...(end?.kind === "fault" ? { fault: end.fault } : {}),
    });
  }

  #statusOf(status: RunRow["status"], owner: string | undefined, isPart: boolean): ListedRun["status"] {
    if (status !== "running") return status;
    // Nobody else works on the project: a run that this process does not drive either has lost its process. A child goes with its parent.
    return isPart && owner !== undefined && this.#desk.isAlive(owner) ? "running" : "interrupted";
  }
}
