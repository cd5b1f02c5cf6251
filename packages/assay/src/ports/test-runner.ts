import type { ControlResult, Fault, Isolation, RunnerName, Termination, TestReport, VerdictLevel } from "@assay/sdk";
import type { Limits } from "#domain";
import type { CapturedOutput, ReadOnlyMount } from "./sandbox.ts";
import type { Snapshot, Workspace } from "./workspaces.ts";

export type Language = "python" | "javascript" | "typescript" | "go" | "rust" | "java";

/** What was found out about a project by reading it; nothing of it was executed. */
export type ProjectProfile = {
  root: string;
  language: Language;
  runner: RunnerName;
  /** Absolute path of the interpreter (python, node): the real one, not a shim. */
  interpreter: string;
  /** Dependency roots and interpreter prefixes, bound read-only. */
  mounts: readonly ReadOnlyMount[];
  /** Oracle files among the snapshot's: tests, their helpers and fixtures, test configuration, lock files, CI scripts. Sorted. */
  oracleFiles: readonly string[];
  /** Source files a proposer may edit, sorted. */
  sourceFiles: readonly string[];
  /** What was seen, one sentence each, for `assay init`. */
  details: readonly string[];
};

/** Asks for a run with negative controls (see `ControlledRunner` of the oracle). */
export type ControlRequest = {
  /** Draws the names, the alterations and the order; whoever wrote the candidate must not have known it. At most 2⁴⁸. */
  seed: number;
  /** Ids, or test files, that get several controls for each test; every other test gets one. */
  targets?: readonly string[];
  /** What a run without controls collects: where the names do not come out as these, the run is an ordinary one. */
  collected?: readonly string[];
};

export type RunTests = {
  profile: ProjectProfile;
  workspace: Workspace;
  /** Test ids of an earlier report, or the user's selectors in the runner's own syntax; empty: all. */
  selection: readonly string[];
  /** Also collect which lines each test executes. */
  coverage?: boolean;
  /** Order the tests (and seed the runner's own randomness) by this, where the runner can; the default order otherwise. */
  shuffleSeed?: number;
  /** One test's own limit, where the runner can enforce it; the default is the runner's. */
  testMsMax?: number;
  /** Also run altered copies of the tests that must fail. A runner that has no controls leaves this aside. */
  controls?: ControlRequest;
  limits: Limits;
  signal?: AbortSignal;
};

/** Lines (1-based) of each source file that each test executed. */
export type Coverage = Record<string, Record<string, number[]>>;

/** By project-relative file, the first line of a function, and a variable's name: what kind of value it had, wherever it had one. */
export type ObservedKinds = Record<string, Record<string, Record<string, string>>>;

export type TestRun = {
  report: TestReport;
  termination: Termination;
  stdout: CapturedOutput;
  stderr: CapturedOutput;
  isolation: Isolation;
  durationMs: number;
  /** Oracle files that were written while the tests ran. */
  written: readonly string[];
  /** How far its passes can be trusted; absent: `in-process`. */
  level?: VerdictLevel;
  /** What became of the negative controls, in a run that had them. */
  controls?: readonly ControlResult[];
  /** The seed of these controls. */
  controlSeed?: number;
  /** Why there are no controls although they were asked for; the run is an ordinary one then. */
  uncontrolled?: string;
  /** What kinds of values variables had, where coverage was collected and the runner can tell. */
  kinds?: ObservedKinds;
  /** By test id, then by project-relative file; absent when not asked for or not available for this runner. */
  coverage?: Coverage;
};

/** Whole new contents of files to try together, tests in the given order, stopping at the first that does not pass. */
export type ScreenRequest = { id: number; files: Record<string, string>; tests: readonly string[] };

/** `passed` is only plausible: it must be checked again in a fresh sandbox. A failure can be trusted. */
export type ScreenOutcome =
  | { id: number; kind: "passed" }
  | { id: number; kind: "failed"; test?: string; failureType?: string; message?: string }
  | { id: number; kind: "timed-out"; test?: string }
  | { id: number; kind: "broken"; message: string };

/** `start` to `end` (UTF-16 code units, exclusive) become `text`. One of two places also tells its parts. */
export type TextEdit = { start: number; end: number; text: string; parts?: readonly Omit<TextEdit, "parts">[] };

/** Edits of one file, tried one after the other: each on the targets and then on the tests of its own order, until one does not pass. */
export type EditBatch = {
  id: number;
  file: string;
  /** Of the file without any of the edits. */
  source: string;
  targets: readonly string[];
  orders: readonly (readonly string[])[];
  /** `order` is an index of `orders`. */
  candidates: readonly (TextEdit & { id: number; order: number })[];
  /** By how many times the usual an edit may go round its loops before it counts as timed out. */
  fuelFactor: number;
};

/**
 * `timed-out`: or took more memory than edits usually do. `unsuited`: it cannot be tried together with others. `alike`: not run, for the
 * test would see of it what it saw of another edit, or of the code before.
 */
export type EditOutcome = {
  id: number;
  kind: "passed" | "failed" | "timed-out" | "broken" | "unsuited";
  test?: string;
  alike?: boolean;
};

/** Edits of one file that pass the same tests, whose calls show what the edited functions are given. */
export type EditContrast = {
  id: number;
  file: string;
  source: string;
  tests: readonly string[];
  candidates: readonly (TextEdit & { id: number })[];
};

/** What came of looking for such a call: none, in spite of looking, where `compared`. */
export type EditComparison = { compared: boolean; found?: EditDifference };

/** A call of which edits make different things: what each of those that could be asked makes of it. Texts, at most 300 characters. */
export type EditDifference = { call: string; results: readonly { id: number; result: string }[] };

/** A warm process in one sandbox that tries many candidates quickly. */
export interface Screen extends AsyncDisposable {
  /** One at a time per screen. Rejects with a `FaultError` of code `sandbox-failed` when the process is gone. */
  try(request: ScreenRequest): Promise<ScreenOutcome>;
  /**
   * Faster by far, in a process that edits share. What `passed` or is `unsuited` is for `try`; what has no outcome was not reached in
   * time. None has one where edits cannot be tried together at all; absent where they never can. Rejects as `try` does.
   */
  tryEdits?(batch: EditBatch): Promise<EditOutcome[]>;
  /** An input that tells edits apart, near to what the tests give. Rejects as `try` does. */
  tellApart?(contrast: EditContrast): Promise<EditComparison>;
}

/**
 * Runs a project's own tests in the sandbox and tells what was observed, from an event stream of its own.
 * - One-shot always: `CI=true`, no watch mode.
 * - `collected` comes before and apart from the results; a collected test without outcome is `not-run`.
 * - Every id is stable between runs and can be passed back as a selection.
 * - Never throws for what tests do.
 */
export interface TestRunner {
  readonly name: RunnerName;
  run(request: RunTests): Promise<TestRun>;
  /**
   * Runs the tests in a process that nothing of the code under test is in; the run's level is `out-of-process`. `undefined` where that
   * is not possible for every test that ran, or one of them did not pass that way: it says nothing for or against the code then.
   */
  runOutOfProcess?(request: Omit<RunTests, "coverage">): Promise<TestRun | undefined>;
  /** Opens a warm screen on the workspace; `undefined` when this runner has none and `run` must do. */
  screen?(request: Omit<RunTests, "selection" | "coverage"> & { testMsMax: number }): Promise<Screen | undefined>;
}

export type Detection = { kind: "detected"; profile: ProjectProfile } | { kind: "undetected"; fault: Fault };

/** Reads a snapshot and the project's surroundings and says how it is tested. Executes nothing of the project. */
export interface ProjectDetector {
  detect(snapshot: Snapshot): Promise<Detection>;
}
