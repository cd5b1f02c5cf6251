import { randomUUID } from "node:crypto";
import { setTimeout as pass } from "node:timers/promises";
import {
  AssayClient,
  type Goal,
  type Result,
  type RunDetail,
  type RunEvent,
  type RunView,
  resultSchema,
} from "@assay/sdk";
import { FaultError, fault, type RunId, raise, runId } from "#domain";
import { answersSignals } from "#ports";
import { budgetLimitsOf } from "../budgets.ts";
import type { FoundDaemon } from "../daemon/find-daemon.ts";
import { type Decided, type Decision, hostUserName } from "../decide-approval.ts";
import type { ListedRun } from "../listed-run.ts";
import { parseRunId } from "../local-project.ts";
import type { Driven, DriveOptions, OpenProject, OpenProjectOptions } from "../open-project.ts";
import { traceContextOf } from "../telemetry/traces/trace-ids.ts";
import { asFault } from "./as-fault.ts";
import { followRun } from "./follow-run.ts";

/** Of a page of runs or events. */
const pageMax = 500;
/** A daemon at work answers in far less; somebody waits at a terminal. */
const answerMsMax = 15_000;
/** Together longer than a daemon takes to stop. */
const looksMax = 60;
const lookMs = 200;

/**
 * A project by the daemon that owns it. Runs are the daemon's: they go on when this process is gone, unless it takes them back by its
 * signal. Every method throws `daemon-unreachable` when the daemon does not answer, else the fault that the daemon names.
 */
export class RemoteProject implements OpenProject {
  readonly root: string;
  readonly #client: AssayClient;
  readonly #pid: number;
  readonly #options: OpenProjectOptions;

  private constructor(root: string, client: AssayClient, pid: number, options: OpenProjectOptions) {
    this.root = root;
    this.#client = client;
    this.#pid = pid;
    this.#options = options;
  }

  /** Faults: `usage` for what a daemon cannot be told by a client, `daemon-unreachable`. */
  static async open(root: string, daemon: FoundDaemon, options: OpenProjectOptions): Promise<RemoteProject> {
    const stopIt = `stop assay serve (process ${daemon.pid}) first`;
    if (options.unsafeNoSandbox) raise("usage", "the daemon runs nothing without a sandbox", stopIt);
    if (options.person?.waitMsMax !== undefined) raise("usage", "a run of the daemon's waits for nobody", stopIt);
    const client = new AssayClient({ answerMsMax, ...daemon });
    await asFault(client.call("health"), daemon.pid);
    return new RemoteProject(root, client, daemon.pid, options);
  }

  async start(goal: Goal, driving: DriveOptions): Promise<Driven> {
    const budget = budgetLimitsOf(driving);
    const { traceparent } = traceContextOf(process.env.TRACEPARENT) ?? {};
    const view = await this.#ask(this.#client.runs.create(goal, { budget, idempotencyKey: randomUUID(), traceparent }));
    return this.#drive(runId(view.run), 0, driving.signal);
  }

  async resume(run: RunId, driving: DriveOptions): Promise<Driven> {
    const { events } = await this.#ask(this.#client.runs.get(run));
    const { apply = false, force = false } = driving;
    await this.#ask(this.#client.runs.resume(run, { budget: budgetLimitsOf(driving), apply, force }));
    return this.#drive(run, events, driving.signal);
  }

  async approve(run: RunId, { approved, by = hostUserName(), note }: Decision): Promise<Decided> {
    const body = { approved, by, ...(note === undefined ? {} : { note }) };
    const { kind, at, finished, ...approval } = await this.#ask(
      this.#client.call("decideApproval", { params: { run }, body }),
    );
    return { kind, at, finished, approval };
  }

  async cancel(run: RunId) {
    await this.#ask(this.#client.runs.cancel(run));
    // As recorded: what the daemon still does for the run comes to its end later.
    const result = (await this.events(run)).findLast(({ type }) => type === "result");
    if (result === undefined) raise("journal-conflict", `run ${run} could not be cancelled`, "try again");
    return resultSchema.parse(result);
  }

  async find(name: string): Promise<RunId> {
    if (name !== "last") return parseRunId(name);
    for await (const { run, partOf } of this.#views()) if (partOf === undefined) return runId(run);
    return raise("run-not-found", "this project has no runs yet", "start one with: assay heal");
  }

  async list(): Promise<ListedRun[]> {
    const runs: ListedRun[] = [];
    for await (const view of this.#views()) runs.push(listed(view));
    return runs;
  }

  async listed(run: RunId): Promise<ListedRun> {
    return listed(await this.#ask(this.#client.runs.get(run)));
  }

  async events(run: RunId): Promise<RunEvent[]> {
    const events: RunEvent[] = [];
    for (;;) {
      const after = events.at(-1)?.seq ?? 0;
      const { items, lastSeq } = await this.#ask(this.#client.runs.events(run, { after, limit: pageMax }));
      events.push(...items);
      if (items.length === 0 || (items.at(-1)?.seq ?? 0) >= lastSeq) return events;
    }
  }

  audit(run: RunId) {
    return this.#ask(this.#client.runs.audit(run));
  }

  async kept(digest: Parameters<OpenProject["kept"]>[0]): Promise<Uint8Array | undefined> {
    try {
      return await this.#ask(this.#client.blobs.read(digest));
    } catch (error) {
      if (error instanceof FaultError && error.fault.code === "not-found") return undefined;
      throw error;
    }
  }

  keep(content: Uint8Array) {
    return this.#ask(this.#client.blobs.keep(content));
  }

  async writeReport(run: RunId): Promise<string> {
    return (await this.#ask(this.#client.call("writeReport", { params: { run } }))).path;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** Newest first. */
  async *#views(): AsyncGenerator<RunView, void, void> {
    for (let cursor: string | undefined; ; ) {
      const page = await this.#ask(
        this.#client.runs.list({ limit: pageMax, ...(cursor === undefined ? {} : { cursor }) }),
      );
      yield* page.items;
      if (page.next === undefined) return;
      cursor = page.next;
    }
  }

  async #drive(run: RunId, after: number, signal: AbortSignal | undefined): Promise<Driven> {
    const following = followRun(this.#client, run, {
      after,
      pid: this.#pid,
      onEvent: (event) => this.#options.onEvent?.(event),
      onNow: (now) => this.#options.onProgress?.({ kind: "phase", phase: now }),
      ...(signal === undefined ? {} : { signal }),
    });
    const result = await following.then(resultOf, (error: unknown) => leftResult(error, run, this.#pid));
    return { runId: run, result };
  }

  #ask<T>(call: Promise<T>): Promise<T> {
    return asFault(call, this.#pid);
  }
}

function resultOf({ result, fault, run }: RunDetail) {
  if (result !== undefined) return result;
  // What kept a run from beginning is thrown, as where there is no daemon.
  if (fault !== undefined) throw new FaultError(fault);
  return raise("daemon-unreachable", `run ${run} ended without a word`, `see how it stands with: assay show ${run}`);
}

/** A run stays the daemon's when that has ended: the next one goes on with it. What else went wrong is thrown. */
async function leftResult(error: unknown, run: RunId, pid: number): Promise<Result> {
  if (!(error instanceof FaultError) || error.fault.code !== "daemon-unreachable") throw error;
  // One that is told to stop answers nobody while it brings its runs to a checkpoint.
  for (let looks = 0; answersSignals(pid) && looks < looksMax; looks++) await pass(lookMs);
  if (answersSignals(pid)) {
    const { message, remedy } = error.fault;
    throw new FaultError(fault("daemon-unreachable", `${message}; run ${run} is still its own`, remedy), {
      cause: error,
    });
  }
  const why = `the daemon (process ${pid}) ended, and run ${run} waits: it goes on when the daemon is started again`;
  const stopped = fault("stopped", why, "start it with: assay serve");
  return { type: "result", outcome: "paused", exitCode: 5, summary: why, fault: stopped };
}

function listed({ run, status, outcome, summary, startedAt, lastEventAt }: RunView): ListedRun {
  const ended = outcome === undefined ? {} : { outcome };
  return { type: "run-listed", run, startedAt, lastEventAt, status, ...ended, summary };
}
