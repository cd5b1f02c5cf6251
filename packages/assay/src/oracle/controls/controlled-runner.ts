import type { Edit, RunnerName } from "@assay/sdk";
import type { ControlRequest, RunTests, Screen, TestRun, TestRunner, Workspace } from "#ports";
import type { ControlledFile } from "./make-controls.ts";
import { mapBack } from "./map-back.ts";
import { rewriteTests, whyNone } from "./rewrite-tests.ts";

/**
 * Runs a suite with negative controls where it is asked to: in one run of the inner runner each test stands under an opaque
 * random name beside altered copies that must fail. The report speaks of the tests by their own ids, as an ordinary run does.
 * - Where something does not come out as without controls (a test depends on its name or on how often it runs), the run is
 *   an ordinary one and `uncontrolled` says why.
 * - The workspace is as it was when the run is over.
 */
export class ControlledRunner implements TestRunner {
  readonly name: RunnerName;
  private readonly inner: TestRunner;

  constructor(inner: TestRunner) {
    this.inner = inner;
    this.name = inner.name;
  }

  async run(request: RunTests): Promise<TestRun> {
    const { controls, ...plain } = request;
    if (controls === undefined) return await this.inner.run(plain);
    const controlled = await this.runControlled(plain, controls);
    if (controlled.kind === "shown") return controlled.run;
    const again = await this.inner.run(plain);
    const run = { ...again, durationMs: again.durationMs + controlled.spentMs };
    if (controlled.kind === "to-compare" && sameOutcomes(controlled.run, run)) {
      // What failed is better told by a run in which it stands where its author wrote it.
      return {
        ...controlled.run,
        report: run.report,
        durationMs: run.durationMs,
        written: [...new Set([...run.written, ...controlled.run.written])],
      };
    }
    const why =
      controlled.kind === "none" ? controlled.why : "with controls beside them some tests come out differently";
    return { ...run, uncontrolled: why };
  }

  async screen(request: Omit<RunTests, "selection" | "coverage"> & { testMsMax: number }): Promise<Screen | undefined> {
    const { controls: _controls, ...plain } = request;
    return await this.inner.screen?.(plain);
  }

  async runOutOfProcess(request: Omit<RunTests, "coverage">): Promise<TestRun | undefined> {
    const { controls: _controls, ...plain } = request;
    return await this.inner.runOutOfProcess?.(plain);
  }

  private async runControlled(request: RunTests, controls: ControlRequest): Promise<Controlled> {
    const { workspace, selection } = request;
    if (selection.length > 0) return { kind: "none", why: "only a selection of the tests is run", spentMs: 0 };
    const files = await rewriteTests(request, controls);
    const rewritten = files.flatMap(({ path, source }) => (source === undefined ? [] : [{ path, source }]));
    if (rewritten.length === 0) return { kind: "none", why: whyNone(files), spentMs: 0 };
    const before = await contentsOf(
      workspace,
      rewritten.map(({ path }) => path),
    );
    const edits: Edit[] = rewritten.map(({ path, source }) => ({ kind: "rewrite", path, content: source }));
    const applied = await workspace.apply(edits);
    if (applied.kind === "failed") {
      return { kind: "none", why: `tests cannot be rewritten: ${applied.problems[0]?.message}`, spentMs: 0 };
    }
    let run: TestRun;
    try {
      run = await this.inner.run({ ...request, limits: lengthened(request, files) });
    } finally {
      await workspace.apply(before);
    }
    const mapped = mapBack(
      run.report,
      files.flatMap(({ copies }) => copies),
    );
    const spentMs = run.durationMs;
    if (mapped.kind === "unclear") return { kind: "none", why: mapped.why, spentMs };
    if (run.termination.kind !== "exited") {
      return { kind: "none", why: "the run with controls came to no end", spentMs };
    }
    const result: TestRun = {
      ...run,
      report: mapped.report,
      level: run.level === "out-of-process" ? run.level : "controlled",
      controls: mapped.controls,
      controlSeed: controls.seed,
    };
    const seen = new Set(mapped.report.collected);
    const lost = (controls.collected ?? []).some((id) => !seen.has(id));
    const bad = mapped.report.results.some(({ outcome }) => outcome !== "passed" && outcome !== "skipped");
    const broken = !mapped.report.complete || mapped.report.collectionErrors.length > 0;
    return { kind: lost || bad || broken ? "to-compare" : "shown", run: result, spentMs };
  }
}

type Controlled =
  | { kind: "shown"; run: TestRun; spentMs: number }
  /** Not everything passed: only an ordinary run tells whether the candidate or the rewriting is to blame. */
  | { kind: "to-compare"; run: TestRun; spentMs: number }
  | { kind: "none"; why: string; spentMs: number };

async function contentsOf(workspace: Workspace, paths: readonly string[]): Promise<Edit[]> {
  const edits: Edit[] = [];
  for (const path of paths) {
    edits.push({ kind: "rewrite", path, content: (await workspace.read(path)) ?? "" });
  }
  return edits;
}

/** As much longer as there are more tests, at most four times. */
function lengthened({ limits }: RunTests, files: readonly ControlledFile[]): RunTests["limits"] {
  const copies = files.flatMap((file) => file.copies);
  const originals = copies.filter(({ role }) => role.kind === "original").length;
  return { ...limits, wallMsMax: limits.wallMsMax * Math.min(4, Math.ceil(copies.length / Math.max(1, originals))) };
}

function sameOutcomes(one: TestRun, other: TestRun): boolean {
  const told = ({ report, termination }: TestRun) =>
    JSON.stringify([termination.kind, report.complete, report.results.map(({ id, outcome }) => [id, outcome])]);
  return told(one) === told(other);
}
