import { randomUUID } from "node:crypto";
import { AssayClient, type Goal, type RunDetail, type RunEvent, type RunView, resultSchema } from "@assay/sdk";
import { FaultError, type RunId, raise, runId } from "#domain";
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

/**
 * A project by the daemon that owns it. Runs are the daemon's: they go on when this process is gone, unless it takes them back by its
 * signal. Every method throws `daemon-unreachable` when the daemon does not answer, else the fault that the daemon names.
 */
export class RemoteProject implements OpenProject {
  readonly root: string;
  readonly #client: AssayClient;
  readonly #options: OpenProjectOptions;

  private constructor(root: string, client: AssayClient, options: OpenProjectOptions) {
    this.root = root;
    this.#client = client;
    this.#options = options;
  }

  /** Faults: `usage` for what a daemon cannot be told by a client, `daemon-unreachable`. */
  static async open(root: string, daemon: FoundDaemon, options: OpenProjectOptions): Promise<RemoteProject> {
    const stopIt = `stop assay serve (process ${daemon.pid}) first`;
    if (options.unsafeNoSandbox) raise("usage", "the daemon runs nothing without a sandbox", stopIt);
    if (options.person?.waitMsMax !== undefined) raise("usage", "a run of the daemon's waits for nobody", stopIt);
    const client = new AssayClient(daemon);
    await asFault(client.call("health"), `assay serve (process ${daemon.pid}) owns this project and does not answer`);
    return new RemoteProject(root, client, options);
  }

  async start(goal: Goal, driving: DriveOptions): Promise<Driven> {
    const budget = budgetLimitsOf(driving);
    const { traceparent } = traceContextOf(process.env.TRACEPARENT) ?? {};
    const view = await asFault(this.#client.runs.create(goal, { budget, idempotencyKey: randomUUID(), traceparent }));
    return this.#drive(runId(view.run), 0, driving.signal);
  }

  async resume(run: RunId, driving: DriveOptions): Promise<Driven> {
    const { events } = await asFault(this.#client.runs.get(run));
    const { apply = false, force = false } = driving;
    await asFault(this.#client.runs.resume(run, { budget: budgetLimitsOf(driving), apply, force }));
    return this.#drive(run, events, driving.signal);
  }

  async approve(run: RunId, { approved, by = hostUserName(), note }: Decision): Promise<Decided> {
    const body = { approved, by, ...(note === undefined ? {} : { note }) };
    const { kind, at, finished, ...approval } = await asFault(
      this.#client.call("decideApproval", { params: { run }, body }),
    );
    return { kind, at, finished, approval };
  }

  async cancel(run: RunId) {
    await asFault(this.#client.runs.cancel(run));
    // As recorded: what the daemon still does for the run comes to its end later.
    const result = (await this.events(run)).findLast(({ type }) => type === "result");
    if (result === undefined) raise("journal-conflict", `run ${run} could not be cancelled`, "try again");
    return resultSchema.parse(result);
  }

  async find(name: string): Promise<RunId> {
    if (name !== "last") return parseRunId(name);
    const { items } = await asFault(this.#client.runs.list({ limit: 1 }));
    const [newest] = items;
    if (newest === undefined) {
      raise("run-not-found", "this project has no runs yet", "start one with: assay heal");
    }
    return runId(newest.run);
  }

  async list(): Promise<ListedRun[]> {
    const runs: ListedRun[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await asFault(
        this.#client.runs.list({ limit: pageMax, ...(cursor === undefined ? {} : { cursor }) }),
      );
      runs.push(...page.items.map(listed));
      if (page.next === undefined) return runs;
      cursor = page.next;
    }
  }

  async listed(run: RunId): Promise<ListedRun> {
    return listed(await asFault(this.#client.runs.get(run)));
  }

  async events(run: RunId): Promise<RunEvent[]> {
    const events: RunEvent[] = [];
    for (;;) {
      const after = events.at(-1)?.seq ?? 0;
      const { items, lastSeq } = await asFault(this.#client.runs.events(run, { after, limit: pageMax }));
      events.push(...items);
      if (items.length === 0 || (items.at(-1)?.seq ?? 0) >= lastSeq) return events;
    }
  }

  audit(run: RunId) {
    return asFault(this.#client.runs.audit(run));
  }

  async kept(digest: Parameters<OpenProject["kept"]>[0]): Promise<Uint8Array | undefined> {
    try {
      return await asFault(this.#client.blobs.read(digest));
    } catch (error) {
      if (error instanceof FaultError && error.fault.code === "not-found") return undefined;
      throw error;
    }
  }

  keep(content: Uint8Array) {
    return asFault(this.#client.blobs.keep(content));
  }

  async writeReport(run: RunId): Promise<string> {
    return (await asFault(this.#client.call("writeReport", { params: { run } }))).path;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #drive(run: RunId, after: number, signal: AbortSignal | undefined): Promise<Driven> {
    const detail = await followRun(this.#client, run, {
      after,
      onEvent: (event) => this.#options.onEvent?.(event),
      onNow: (now) => this.#options.onProgress?.({ kind: "phase", phase: now }),
      ...(signal === undefined ? {} : { signal }),
    });
    return { runId: run, result: resultOf(detail) };
  }
}

function resultOf({ result, fault, run }: RunDetail) {
  if (result !== undefined) return result;
  // What kept a run from beginning is thrown, as where there is no daemon.
  if (fault !== undefined) throw new FaultError(fault);
  return raise("daemon-unreachable", `run ${run} ended without a word`, `see how it stands with: assay show ${run}`);
}

function listed({ run, status, outcome, summary, startedAt, lastEventAt }: RunView): ListedRun {
  const ended = outcome === undefined ? {} : { outcome };
  return { type: "run-listed", run, startedAt, lastEventAt, status, ...ended, summary };
}
