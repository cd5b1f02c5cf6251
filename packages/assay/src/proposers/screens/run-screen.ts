import type { TestReport, TestResult } from "@assay/sdk";
import { type AttemptName, type Limits, uncollectedFile } from "#domain";
import type { ProjectProfile, Screen, ScreenOutcome, ScreenRequest, Snapshot, TestRunner, Workspaces } from "#ports";

type RunScreenOptions = {
  runner: TestRunner;
  workspaces: Workspaces;
  snapshot: Snapshot;
  profile: ProjectProfile;
  limits: Limits;
  name: AttemptName;
  /** Ids, or files of which all tests are meant, that are asked first; the others only when these pass. */
  targets: ReadonlySet<string>;
  signal?: AbortSignal;
};

/** A screen for runners that have none: every candidate is a workspace and a run of its own. Slow, and needs nothing more. */
export class RunScreen implements Screen {
  readonly #options: RunScreenOptions;

  constructor(options: RunScreenOptions) {
    this.#options = options;
  }

  async try({ id, files, tests }: ScreenRequest): Promise<ScreenOutcome> {
    const { workspaces, snapshot, name, targets } = this.#options;
    await using workspace = await workspaces.open(snapshot, name);
    const applied = await workspace.apply(
      Object.entries(files).map(([path, content]) => ({ kind: "rewrite", path, content })),
    );
    if (applied.kind === "failed")
      return { id, kind: "broken", message: applied.problems[0]?.message ?? "not applied" };
    const first = tests.filter((test) => targets.has(test));
    const rest = tests.filter((test) => !targets.has(test));
    for (const selection of [first, rest]) {
      if (selection.length === 0) continue;
      const outcome = await this.#run(id, workspace, selection);
      if (outcome.kind !== "passed") return outcome;
    }
    return { id, kind: "passed" };
  }

  async #run(
    id: number,
    workspace: Parameters<TestRunner["run"]>[0]["workspace"],
    selection: string[],
  ): Promise<ScreenOutcome> {
    const { runner, profile, limits, signal } = this.#options;
    const run = await runner.run({ profile, workspace, selection, limits, ...(signal ? { signal } : {}) });
    const { report, termination } = run;
    const wanted = new Set(selection);
    const bad = report.results.find(
      (result) => result.outcome !== "passed" && !(result.outcome === "skipped" && isOnlyOfFile(result, wanted)),
    );
    if (bad) return refused(id, bad);
    if (termination.kind === "timed-out") return { id, kind: "timed-out" };
    const missing = missingOf(report, selection);
    if (missing !== undefined || !report.complete) {
      return {
        id,
        kind: "broken",
        message: report.collectionErrors[0]?.message ?? `${missing ?? "the run"} did not end`,
      };
    }
    return { id, kind: "passed" };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Each try disposes its own workspace.
  }
}

/** Asked for by its file alone: of such a file nobody knows yet which tests are to be skipped. */
function isOnlyOfFile({ id, file }: TestResult, wanted: ReadonlySet<string>): boolean {
  return wanted.has(file) && !wanted.has(id);
}

/** The first id without a result, or file without any test or with something that could not be collected. */
function missingOf({ results, collectionErrors }: TestReport, selection: readonly string[]): string | undefined {
  const ids = new Set(results.map(({ id }) => id));
  const files = new Set(results.map(({ file }) => file));
  const uncollected = new Set(collectionErrors.map(uncollectedFile));
  return selection.find((test) => !ids.has(test) && (!files.has(test) || uncollected.has(test)));
}

function refused(id: number, { id: test, outcome, failure }: TestResult): ScreenOutcome {
  if (outcome === "timed-out") return { id, kind: "timed-out", test };
  return { id, kind: "failed", test, ...(failure ? { failureType: failure.type, message: failure.message } : {}) };
}
