import type { TestResult } from "@assay/sdk";
import type { AttemptName, Limits } from "#domain";
import type { ProjectProfile, Screen, ScreenOutcome, ScreenRequest, Snapshot, TestRunner, Workspaces } from "#ports";

type RunScreenOptions = {
  runner: TestRunner;
  workspaces: Workspaces;
  snapshot: Snapshot;
  profile: ProjectProfile;
  limits: Limits;
  name: AttemptName;
  /** Tests asked first; the others only when these pass. */
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
    const bad = run.report.results.find((result) => result.outcome !== "passed");
    if (bad) return refused(id, bad);
    if (run.termination.kind === "timed-out") return { id, kind: "timed-out" };
    const passed = new Set(run.report.results.map((result) => result.id));
    const missing = selection.find((test) => !passed.has(test));
    if (missing !== undefined || !run.report.complete) {
      return {
        id,
        kind: "broken",
        message: run.report.collectionErrors[0]?.message ?? `${missing ?? "the run"} did not end`,
      };
    }
    return { id, kind: "passed" };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Each try disposes its own workspace.
  }
}

function refused(id: number, { id: test, outcome, failure }: TestResult): ScreenOutcome {
  if (outcome === "timed-out") return { id, kind: "timed-out", test };
  return { id, kind: "failed", test, ...(failure ? { failureType: failure.type, message: failure.message } : {}) };
}
