import { type AttemptName, attemptName, type Limits, type RunId, raise } from "#domain";
import { type Mutant, mutatedSource } from "#oracle";
import type { EditOutcome, ProjectProfile, ScreenOutcome, Snapshot, TestRunner, Workspaces } from "#ports";
import { refuseUnobserved } from "./observe.ts";
import { TrialScreen } from "./trial-screen.ts";

/** Tried together where the runner can. */
const chunkMax = 64;
/** By how many times longer a mutant that timed out may take the next time. */
const patience = 4;

export type MutantOutcome = "killed" | "survived" | "timedOut" | "errored";
export type TriedMutant = { mutant: Mutant; outcome: MutantOutcome; killedBy?: string };

type Options = {
  workspaces: Workspaces;
  runner: TestRunner;
  snapshot: Snapshot;
  profile: ProjectProfile;
  /** Of the workspaces' names. */
  run: RunId;
  task: string;
  /** Of one run of the suite, where each mutant costs one. */
  limits: Limits;
  testMsMax: number;
  signal: AbortSignal;
};

/**
 * Tries mutants on tests that pass without them. Where edits can share a process that is asked first; what survives there, hangs there or
 * cannot be tried there gets a process of its own; what hangs there and did not before gets one more with more time, so that a timeout was
 * seen twice. Throws `FaultError`s of the sandbox.
 */
export class MutantTrials implements AsyncDisposable {
  readonly #options: Options;
  readonly #screen: TrialScreen;
  #patient: TrialScreen | undefined;
  #number = 0;

  private constructor(options: Options, screen: TrialScreen) {
    this.#options = options;
    this.#screen = screen;
  }

  static async open(options: Options): Promise<MutantTrials> {
    return new MutantTrials(options, await TrialScreen.open({ ...options, name: nameOf(options, "usual") }));
  }

  /** Whether a mutant costs much less than a run of the suite. */
  get warm(): boolean {
    return this.#screen.exists;
  }

  /** In the order of the mutants of each file. `testsOf`: those that a mutant is tried on, at least one. Raises `interrupted`. */
  async *try(mutants: readonly Mutant[], testsOf: (mutant: Mutant) => readonly string[]): AsyncGenerator<TriedMutant> {
    for (const ofFile of Map.groupBy(mutants, ({ file }) => file).values()) {
      for (let first = 0; first < ofFile.length; first += chunkMax) {
        const chunk = ofFile.slice(first, first + chunkMax);
        const together = await this.#tryTogether(chunk, testsOf);
        for (const [index, mutant] of chunk.entries()) {
          if (this.#options.signal.aborted) raise("interrupted", "interrupted while mutants were tried");
          const known = together.get(index);
          // Without a test it is the process that ended, whatever of.
          const ended = (known?.kind === "failed" && known.test !== undefined) || known?.kind === "broken";
          const outcome = ended ? known : await this.#tryAlone(mutant, testsOf(mutant), known?.kind === "timed-out");
          yield tried(mutant, outcome);
        }
      }
    }
  }

  async #tryTogether(
    chunk: readonly Mutant[],
    testsOf: (mutant: Mutant) => readonly string[],
  ): Promise<ReadonlyMap<number, EditOutcome>> {
    const [{ file, source } = { file: "", source: "" }] = chunk;
    const orders = new Map<string, { index: number; tests: readonly string[] }>();
    const candidates = chunk.map((mutant, id) => {
      const tests = testsOf(mutant);
      const key = tests.join("\n");
      const order = orders.get(key) ?? { index: orders.size, tests };
      orders.set(key, order);
      const { start, end, replacement } = mutant.edit;
      return { id, start, end, text: replacement, order: order.index };
    });
    this.#number += 1;
    const batch = { id: this.#number, file, source, targets: [], candidates, fuelFactor: 1 };
    const given = { ...batch, orders: [...orders.values()].map(({ tests }) => tests) };
    const outcomes = await this.#screen.use(
      async (screen) => (await screen.tryEdits?.(given)) ?? [],
      [] as EditOutcome[],
    );
    return new Map(outcomes.map((outcome) => [outcome.id, outcome]));
  }

  async #tryAlone(mutant: Mutant, tests: readonly string[], wasLate: boolean): Promise<ScreenOutcome> {
    const { limits, testMsMax } = this.#options;
    const first = await this.#tryOn(this.#screen, mutant, tests, limits.wallMsMax);
    if (first.kind !== "timed-out" || wasLate) return first;
    const name = nameOf(this.#options, "patient");
    this.#patient ??= await TrialScreen.open({ ...this.#options, name, testMsMax: testMsMax * patience });
    return await this.#tryOn(this.#patient, mutant, tests, limits.wallMsMax * patience);
  }

  async #tryOn(screen: TrialScreen, mutant: Mutant, tests: readonly string[], wallMsMax: number) {
    this.#number += 1;
    const id = this.#number;
    const files = { [mutant.file]: mutatedSource(mutant) };
    const gone: ScreenOutcome = { id, kind: "broken", message: "it is gone" };
    return screen.exists
      ? await screen.use((one) => one.try({ id, files, tests }), gone)
      : await this.#run(id, files, tests, wallMsMax);
  }

  async #run(
    id: number,
    files: Record<string, string>,
    tests: readonly string[],
    wallMsMax: number,
  ): Promise<ScreenOutcome> {
    const { workspaces, runner, snapshot, profile, testMsMax, signal } = this.#options;
    const limits = { ...this.#options.limits, wallMsMax };
    await using workspace = await workspaces.open(snapshot, nameOf(this.#options, "cold"));
    await workspace.apply(Object.entries(files).map(([path, content]) => ({ kind: "rewrite", path, content })));
    const request = { profile, workspace, selection: [], limits, testMsMax, signal };
    const { report, termination } = await runner.run(request);
    refuseUnobserved(termination);
    if (termination.kind === "timed-out") return { id, kind: "timed-out" };
    const outcomes = new Map(report.results.map((result) => [result.id, result.outcome]));
    const noticed = tests.find((test) => outcomes.get(test) !== "passed");
    return noticed === undefined ? { id, kind: "passed" } : { id, kind: "failed", test: noticed };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#patient?.[Symbol.asyncDispose]();
    await this.#screen[Symbol.asyncDispose]();
  }
}

function nameOf({ run, task }: Options, attempt: string): AttemptName {
  return attemptName(run, task, attempt);
}

function tried(mutant: Mutant, { kind, ...more }: ScreenOutcome | EditOutcome): TriedMutant {
  const outcomes = { passed: "survived", failed: "killed", "timed-out": "timedOut" } as const;
  const outcome = kind === "broken" || kind === "unsuited" ? "errored" : outcomes[kind];
  return { mutant, outcome, ...("test" in more && more.test !== undefined ? { killedBy: more.test } : {}) };
}
