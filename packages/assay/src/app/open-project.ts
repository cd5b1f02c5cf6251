import type { AuditEntry, Digest, Goal, Result, RunEvent } from "@assay/sdk";
import { type RunId, raise, runId } from "#domain";
import { Engine, type ExecuteOptions, type RunEnd } from "#engine";
import { acquireProjectLock, FileBlobs, ProcessOwners, SqliteJournal } from "#store";
import type { Progress } from "#workflows";
import { applyAccepted } from "./apply-accepted.ts";
import { assayVersion } from "./assay-version.ts";
import { auditRun } from "./audit-run.ts";
import { type BudgetFlags, isCostLimited, resumeBudget, startBudget } from "./budgets.ts";
import { readConfig } from "./config.ts";
import { type Decided, type Decision, decideApproval, hostUserName, mayBeApplied } from "./decide-approval.ts";
import { type ListedRun, listedRun } from "./listed-run.ts";
import { openStateDirectory, statePlaces } from "./state-directory.ts";
import { readUserConfig } from "./user-config.ts";
import { type ProjectTools, workflowOf } from "./workflow-of.ts";
import { type PersonOptions, workflowTools } from "./workflow-tools.ts";
import { writeReport } from "./write-report.ts";

export type OpenProjectOptions = {
  /** Runs the project's code without isolation; every report says so. */
  unsafeNoSandbox?: boolean;
  onEvent?: (event: RunEvent) => void;
  onProgress?: (progress: Progress) => void;
  /** How a person is reached who is asked to propose; absent: through files, without waiting. */
  person?: PersonOptions;
};

export type DriveOptions = BudgetFlags & {
  /** On resume: apply the patch of a run that is finished and accepted. */
  apply?: boolean;
  /** Also where another process may be working on the project and cannot be asked. */
  force?: boolean;
  signal?: AbortSignal;
};

/** How a run stands after it was driven, with the report that was written for it. */
export type Driven = { runId: RunId; result: Result };

/** A project with everything Assay knows about it: the composition root. */
export interface OpenProject extends AsyncDisposable {
  readonly root: string;
  start(goal: Goal, options: DriveOptions): Promise<Driven>;
  resume(run: RunId, options: DriveOptions): Promise<Driven>;
  /** Records what a person decided about the change that a run has proven. */
  approve(run: RunId, decision: Decision): Promise<Decided>;
  /** The run's result, also where it was finished before. */
  cancel(run: RunId): Promise<Result>;
  /** A run by its id or by `last`; throws a `FaultError` of code `run-not-found`. */
  find(name: string): Promise<RunId>;
  list(): Promise<ListedRun[]>;
  /** One of them; throws a `FaultError` of code `run-not-found` or `journal-corrupt`. */
  listed(run: RunId): Promise<ListedRun>;
  events(run: RunId): Promise<RunEvent[]>;
  /** Who did what, when, on which content; all of that content is looked for. */
  audit(run: RunId): Promise<AuditEntry[]>;
  /** What was kept under a digest; `undefined` if nothing was. Throws `receipt-mismatch` if it was changed. */
  kept(digest: Digest): Promise<Uint8Array | undefined>;
  /** Keeps what a goal refers to by its digest, e.g. a patch. */
  keep(content: Uint8Array): Promise<Digest>;
  /** Writes the report anew from the journal; returns its path. */
  writeReport(run: RunId): Promise<string>;
}

export async function openProject(directory: string, options: OpenProjectOptions): Promise<OpenProject> {
  const state = await openStateDirectory(directory);
  const places = statePlaces(state);
  const config = await readConfig(state.root);
  const user = await readUserConfig();
  const blobs = new FileBlobs(places.blobs);
  const owners = new ProcessOwners();
  const journal = await SqliteJournal.open(places.journal);
  const engine = new Engine({ journal, blobs, owners, assayVersion: assayVersion() });
  const events = async (run: RunId) => (await engine.read(run)).events;
  const report = async (run: RunId) => writeReport(places.runs, run, await events(run), blobs);

  /** Everything that executes a project's code goes through here: one process for each project. */
  async function drive(
    driving: DriveOptions,
    execute: (tools: ProjectTools, options: ExecuteOptions) => Promise<RunEnd>,
  ): Promise<Driven> {
    await using _lock = await acquireProjectLock({
      database: places.journal,
      project: state.root,
      holder: "assay",
      owners,
      force: driving.force === true,
    });
    const tools = await workflowTools({
      ...options,
      places,
      blobs,
      config,
      user,
      pricesNeeded: isCostLimited(driving, config, user),
    });
    const end = await execute(tools, {
      ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
      ...(driving.signal === undefined ? {} : { abort: driving.signal }),
    });
    const recorded = await events(end.run);
    const [first] = recorded;
    const durationMs = first === undefined ? 0 : end.at - first.at;
    const written = await writeReport(places.runs, end.run, recorded, blobs).catch((error: Error) => error);
    const mayApply = driving.apply === true && mayBeApplied(recorded);
    const applied = mayApply ? await applyAccepted(state.root, tools.workspaces, end.result) : end.result;
    if (applied.applied && !end.result.applied) {
      await engine.remark(end.run, "applied", `the patch was applied afterwards, by ${hostUserName()}`);
    }
    const result = { ...applied, durationMs };
    // A report can be written again; the run's result must not be lost over it.
    return written instanceof Error
      ? { runId: end.run, result: { ...result, summary: `${result.summary} No report: ${written.message}.` } }
      : { runId: end.run, result: { ...result, report: written } };
  }

  return {
    root: state.root,
    start: (goal, driving) =>
      drive(driving, (tools, common) =>
        engine.start(workflowOf(goal, tools), goal, {
          ...common,
          budget: startBudget(driving, config, user, goal.kind),
        }),
      ),
    resume: (run, driving) =>
      drive(driving, async (tools, common) => {
        const { state: before, events } = await engine.read(run);
        if (before.goal !== undefined && before.goal.root !== state.root) {
          raise("usage", `run ${run} is about ${before.goal.root}, not about ${state.root}`, "start a new run here");
        }
        return engine.resume(run, {
          ...common,
          ...(before.goal === undefined ? {} : { workflow: workflowOf(before.goal, tools) }),
          force: driving.force === true,
          budget: resumeBudget(events, before.spent, driving),
        });
      }),
    approve: (run, decision) => decideApproval(engine, run, decision),
    cancel: (run) => engine.cancel(run),
    async find(name) {
      if (name !== "last") return parseRunId(name);
      return (
        (await engine.newest()) ?? raise("run-not-found", "this project has no runs yet", "start one with: assay heal")
      );
    },
    list: async () => (await engine.list()).map((listing) => listedRun(listing, owners)),
    async listed(run) {
      const { events: recorded, state: standing } = await engine.read(run);
      const times = { startedAt: recorded[0]?.at ?? 0, lastEventAt: recorded.at(-1)?.at ?? 0 };
      return listedRun({ kind: "readable", run, ...times, events: recorded.length, state: standing }, owners);
    },
    events,
    audit: async (run) => auditRun(await events(run), blobs),
    kept: (digest) => blobs.get(digest),
    keep: (content) => blobs.put(content),
    writeReport: report,
    [Symbol.asyncDispose]: () => journal[Symbol.asyncDispose](),
  };
}

function parseRunId(text: string): RunId {
  try {
    return runId(text);
  } catch {
    raise("run-not-found", `${text} is not a run's id`, "list the runs with: assay runs");
  }
}
