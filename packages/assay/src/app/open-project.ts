import type { AuditEntry, Digest, Goal, Result, RunEvent } from "@assay/sdk";
import type { RunId } from "#domain";
import type { Progress } from "#workflows";
import type { BudgetFlags } from "./budgets.ts";
import { findDaemon } from "./daemon/find-daemon.ts";
import type { Decided, Decision } from "./decide-approval.ts";
import type { ListedRun } from "./listed-run.ts";
import { openLocalProject } from "./local-project.ts";
import { RemoteProject } from "./remote/remote-project.ts";
import { openStateDirectory } from "./state-directory.ts";
import type { PersonOptions } from "./workflow-tools.ts";

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

/** A project with everything Assay knows about it, in this process or in the daemon that owns it. */
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

/**
 * Opens a project by the daemon that owns it, or in this process where none does. Faults: `not-a-project`, `state-not-writable`,
 * `config-invalid`; `daemon-unreachable` where a daemon lives and does not answer.
 */
export async function openProject(directory: string, options: OpenProjectOptions): Promise<OpenProject> {
  const state = await openStateDirectory(directory);
  const daemon = await findDaemon(state.path);
  return daemon === undefined ? openLocalProject(directory, options) : RemoteProject.open(state.root, daemon, options);
}
