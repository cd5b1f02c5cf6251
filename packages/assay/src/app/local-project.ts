import { mkdir } from "node:fs/promises";
import type { Goal, RunEvent, TraceContext } from "@assay/sdk";
import { type RunId, raise, runId } from "#domain";
import { Engine, type EngineOptions, type ExecuteOptions, lastBudget, type RunEnd, type RunSlot } from "#engine";
import { type Blobs, defaultTenant, type Journal, type Owners } from "#ports";
import { acquireProjectLock, FileBlobs, ProcessOwners, SqliteJournal } from "#store";
import { type AttestationDesk, type Progress, refuseProblems } from "#workflows";
import { applyAccepted } from "./apply-accepted.ts";
import { assayVersion } from "./assay-version.ts";
import { auditRun } from "./audit-run.ts";
import { type BudgetFlags, isCostLimited, resumeBudget, startBudget } from "./budgets.ts";
import { readConfig } from "./config.ts";
import { decideApproval, hostUserName, mayBeApplied } from "./decide-approval.ts";
import { delegateTask } from "./delegate-task.ts";
import { type ListedRun, listedRun } from "./listed-run.ts";
import type { Driven, DriveOptions, OpenProject, OpenProjectOptions } from "./open-project.ts";
import { openStateDirectory, type StatePlaces, statePlaces } from "./state-directory.ts";
import { sendRun } from "./telemetry/traces/send-run.ts";
import { traceContextOf } from "./telemetry/traces/trace-ids.ts";
import { readUserConfig } from "./user-config.ts";
import { type ProjectTools, workflowOf, workflowPin } from "./workflow-of.ts";
import { workflowTools } from "./workflow-tools.ts";
import { writeReport } from "./write-report.ts";

export type LocalProjectOptions = OpenProjectOptions & {
  /** Whose runs these are. */
  tenant?: string;
  /** By whom its runs are claimed. Default: a name of its own for this process. */
  owners?: Owners;
  /** Whoever opens it holds the project's lock for as long as it is open. */
  lockHeld?: boolean;
  /** Somebody follows the journal and sends the spans of its runs; else they are sent when a run ends. */
  spansFollowed?: boolean;
  /** What decides about testers' reports, where workers are served; asked for each time something is executed. */
  attestation?: () => AttestationDesk | undefined;
  /** What its engine has besides journal and blobs, e.g. the queue for workers. */
  engine?: (place: { journal: Journal; blobs: Blobs; database: string }) => Promise<Partial<EngineOptions>>;
};

/** Of one drive, where several go on at the same time. */
export type LocalDriveOptions = DriveOptions & {
  onEvent?: (event: RunEvent) => void;
  onProgress?: (progress: Progress) => void;
  /** The run has it when it begins. */
  slot?: RunSlot;
};

/** A project that this process works on. */
export interface LocalProject extends OpenProject {
  readonly tenant: string;
  readonly places: StatePlaces;
  readonly journal: Journal;
  readonly blobs: Blobs;
  readonly engine: Engine;
  /** Begins a run, under an id that was chosen before if given, and leaves it queued: `resume` executes it. */
  create(goal: Goal, budget: BudgetFlags, run?: RunId, trace?: TraceContext, writesWithin?: string): Promise<RunId>;
  resume(run: RunId, options: LocalDriveOptions): Promise<Driven>;
}

/** The composition root: a project's state, wired to everything that its runs need. */
export async function openLocalProject(directory: string, options: LocalProjectOptions): Promise<LocalProject> {
  const { tenant = defaultTenant, owners = new ProcessOwners() } = options;
  const state = await openStateDirectory(directory);
  const { root } = state;
  const places = statePlaces(state, tenant);
  const settings = async () => ({ config: await readConfig(root), user: await readUserConfig() });
  // What is wrong with them is said before anything else is.
  await settings();
  await mkdir(places.state, { recursive: true, mode: 0o700 });
  const blobs = new FileBlobs(places.blobs);
  const journal = await SqliteJournal.open(places.journal, { tenant });
  const more = (await options.engine?.({ journal, blobs, database: places.journal })) ?? {};
  const engine = new Engine({ journal, blobs, owners, assayVersion: assayVersion(), ...more });
  // Waited for at the end: nobody's result is late over it.
  const sending: Promise<void>[] = [];
  const events = async (run: RunId) => (await engine.read(run)).events;
  const lock = (driving: DriveOptions): Promise<AsyncDisposable | undefined> =>
    options.lockHeld === true
      ? Promise.resolve(undefined)
      : acquireProjectLock({
          database: places.journal,
          project: root,
          holder: "assay",
          owners,
          force: driving.force === true,
        });

  /** Everything that executes a project's code goes through here: one process for each project. */
  async function drive(
    driving: LocalDriveOptions,
    begunWith: Readonly<Record<string, number>> | undefined,
    execute: (tools: ProjectTools, options: ExecuteOptions) => Promise<RunEnd>,
  ): Promise<Driven> {
    await using _lock = await lock(driving);
    const { config, user } = await settings();
    const { onEvent = options.onEvent, onProgress = options.onProgress } = driving;
    const attestation = options.attestation?.();
    const wired = await workflowTools({
      ...options,
      attestation,
      ...(onProgress === undefined ? {} : { onProgress }),
      places,
      blobs,
      config,
      user,
      pricesNeeded: isCostLimited(driving, config, user, begunWith),
    });
    const tools = { ...wired, delegate: delegateTask({ blobs, sandbox: wired.sandbox, root, attestation }) };
    const end = await execute(tools, {
      ...(onEvent === undefined ? {} : { onEvent }),
      ...(driving.signal === undefined ? {} : { abort: driving.signal }),
      ...(driving.slot === undefined ? {} : { slot: driving.slot }),
    });
    return await conclude(end, tools, driving);
  }

  async function conclude(end: RunEnd, tools: ProjectTools, driving: DriveOptions): Promise<Driven> {
    const recorded = await events(end.run);
    if (options.spansFollowed !== true) sending.push(sendRun(recorded));
    const [first] = recorded;
    const durationMs = first === undefined ? 0 : end.at - first.at;
    const written = await writeReport(places.runs, end.run, recorded, blobs).catch((error: Error) => error);
    const mayApply = driving.apply === true && mayBeApplied(recorded);
    const applied = mayApply ? await applyAccepted(root, tools.workspaces, end.result) : end.result;
    if (applied.applied && !end.result.applied) {
      await engine.remark(end.run, "applied", `the patch was applied afterwards, by ${hostUserName()}`);
    }
    const result = { ...applied, durationMs };
    // A report can be written again; the run's result must not be lost over it.
    return written instanceof Error
      ? {
          runId: end.run,
          result: { ...result, summary: `${asSentence(result.summary)} No report: ${written.message}.` },
        }
      : { runId: end.run, result: { ...result, report: written } };
  }

  return {
    root,
    tenant,
    places,
    journal,
    blobs,
    engine,
    async create(goal, budget, run, trace, writesWithin) {
      refuseOtherRoot(goal, root);
      if (goal.kind === "plan") refuseProblems(goal);
      const { config, user } = await settings();
      return engine.create(workflowPin(goal), goal, {
        budget: startBudget(budget, config, user, goal.kind),
        ...(run === undefined ? {} : { run }),
        trace,
        writesWithin,
      });
    },
    async start(goal, driving) {
      const { config, user } = await settings();
      const budget = startBudget(driving, config, user, goal.kind);
      return drive(driving, undefined, (tools, common) =>
        engine.start(workflowOf(goal, tools), goal, {
          ...common,
          budget,
          trace: traceContextOf(process.env.TRACEPARENT),
        }),
      );
    },
    async resume(run, driving) {
      const { events: before } = await engine.read(run);
      return drive(driving, lastBudget(before), async (tools, common) => {
        const { state: standing, events: recorded } = await engine.read(run);
        if (standing.goal !== undefined && standing.goal.root !== root) {
          raise("usage", `run ${run} is about ${standing.goal.root}, not about ${root}`, "start a new run here");
        }
        return engine.resume(run, {
          ...common,
          ...(standing.goal === undefined ? {} : { workflow: workflowOf(standing.goal, tools) }),
          force: driving.force === true,
          // A run that nobody has executed yet keeps what it was begun with.
          ...(standing.status === "queued" ? {} : { budget: resumeBudget(recorded, standing.spent, driving) }),
        });
      });
    },
    approve: (run, decision) => decideApproval(engine, run, decision),
    cancel: (run) => engine.cancel(run),
    async find(name) {
      if (name !== "last") return parseRunId(name);
      return (
        (await engine.newest()) ?? raise("run-not-found", "this project has no runs yet", "start one with: assay heal")
      );
    },
    list: async () => (await engine.list()).map((listing) => listedRun(listing, owners)),
    listed: async (run): Promise<ListedRun> => {
      const { events: recorded, state: standing } = await engine.read(run);
      const times = { startedAt: recorded[0]?.at ?? 0, lastEventAt: recorded.at(-1)?.at ?? 0 };
      return listedRun({ kind: "readable", run, ...times, events: recorded.length, state: standing }, owners);
    },
    events,
    audit: async (run) => auditRun(await events(run), blobs),
    kept: (digest) => blobs.get(digest),
    keep: (content) => blobs.put(content),
    writeReport: async (run) => writeReport(places.runs, run, await events(run), blobs),
    async [Symbol.asyncDispose]() {
      await Promise.all(sending);
      await journal[Symbol.asyncDispose]();
    },
  };
}

function refuseOtherRoot(goal: Goal, root: string): void {
  if (goal.root !== root)
    raise("usage", `the goal is about ${goal.root}, not about ${root}`, `give ${root} as its root`);
}

/** Throws a `FaultError` of code `run-not-found` for what is no id. */
export function parseRunId(text: string): RunId {
  try {
    return runId(text);
  } catch {
    raise("run-not-found", `${text} is not a run's id`, "list the runs with: assay runs");
  }
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
