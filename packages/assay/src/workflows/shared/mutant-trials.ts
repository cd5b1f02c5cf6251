import { type AttemptName, FaultError, type Limits, suiteLimits } from "#domain";
import { type Mutant, mutatedSource } from "#oracle";
import type { EditOutcome, ProjectProfile, Screen, ScreenOutcome, Snapshot, TestRunner, Workspaces } from "#ports";
import { refuseUnobserved } from "./observe.ts";

/** Tried together where the runner can. */
const chunkMax = 64;
const warmMsMax = 30 * 60_000;
/** Screens that died are replaced this often. */
const replacementsMax = 10;

export type MutantOutcome = "killed" | "survived" | "timedOut" | "errored";
export type TriedMutant = { mutant: Mutant; outcome: MutantOutcome; killedBy?: string };

type Options = {
  workspaces: Workspaces;
  runner: TestRunner;
  snapshot: Snapshot;
  profile: ProjectProfile;
  /** Of the workspaces. */
  name: AttemptName;
  /** Of one run of the suite, where each mutant costs one. */
  limits: Limits;
  testMsMax: number;
  signal: AbortSignal;
};

/**
 * Tries mutants on tests that pass without them. Where edits can share a process that is asked first; what survives there, hangs there or
 * cannot be tried there gets a process of its own, so that a timeout was seen twice. Throws `FaultError`s of the sandbox.
 */
export class MutantTrials implements AsyncDisposable {
  readonly #options: Options;
  #resources = new AsyncDisposableStack();
  #screen: Screen | undefined;
  #number = 0;
  #replaced = 0;

  private constructor(options: Options) {
    this.#options = options;
  }

  static async open(options: Options): Promise<MutantTrials> {
    const trials = new MutantTrials(options);
    await trials.#openScreen();
    return trials;
  }

  async #openScreen(): Promise<void> {
    const { workspaces, runner, snapshot, profile, name, testMsMax, signal } = this.#options;
    await using opening = new AsyncDisposableStack();
    const workspace = opening.use(await workspaces.open(snapshot, name));
    const limits = { ...suiteLimits, wallMsMax: warmMsMax };
    this.#screen = await runner.screen?.({ profile, workspace, limits, testMsMax, signal });
    if (this.#screen !== undefined) opening.use(this.#screen);
    this.#resources = opening.move();
  }

  /** Whether a mutant costs much less than a run of the suite. */
  get warm(): boolean {
    return this.#screen !== undefined;
  }

  /** In the order of the mutants of each file. `testsOf`: those that a mutant is tried on, at least one. */
  async *try(mutants: readonly Mutant[], testsOf: (mutant: Mutant) => readonly string[]): AsyncGenerator<TriedMutant> {
    for (const ofFile of Map.groupBy(mutants, ({ file }) => file).values()) {
      for (let first = 0; first < ofFile.length; first += chunkMax) {
        const chunk = ofFile.slice(first, first + chunkMax);
        const together = await this.#tryTogether(chunk, testsOf);
        for (const [index, mutant] of chunk.entries()) {
          this.#options.signal.throwIfAborted();
          const known = together.get(index);
          const ended = known?.kind === "failed" || known?.kind === "broken";
          yield tried(mutant, ended ? known : await this.#tryAlone(mutant, testsOf(mutant)));
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
    const outcomes = await this.#unlessGone(async () => (await this.#screen?.tryEdits?.(given)) ?? [], []);
    return new Map(outcomes.map((outcome) => [outcome.id, outcome]));
  }

  async #tryAlone(mutant: Mutant, tests: readonly string[]): Promise<ScreenOutcome> {
    this.#number += 1;
    const id = this.#number;
    const files = { [mutant.file]: mutatedSource(mutant) };
    if (this.#screen === undefined) return await this.#run(id, files, tests);
    const screen = this.#screen;
    return await this.#unlessGone(() => screen.try({ id, files, tests }), {
      id,
      kind: "broken",
      message: "it is gone",
    });
  }

  async #run(id: number, files: Record<string, string>, tests: readonly string[]): Promise<ScreenOutcome> {
    const { workspaces, runner, snapshot, profile, name, limits, testMsMax, signal } = this.#options;
    await using workspace = await workspaces.open(snapshot, name);
    await workspace.apply(Object.entries(files).map(([path, content]) => ({ kind: "rewrite", path, content })));
    const request = { profile, workspace, selection: [], limits, testMsMax, signal };
    const { report, termination } = await runner.run(request);
    refuseUnobserved(termination);
    if (termination.kind === "timed-out") return { id, kind: "timed-out" };
    const outcomes = new Map(report.results.map((result) => [result.id, result.outcome]));
    const noticed = tests.find((test) => outcomes.get(test) !== "passed");
    return noticed === undefined ? { id, kind: "passed" } : { id, kind: "failed", test: noticed };
  }

  /** A mutant may take the screen with it; the next ones get another. */
  async #unlessGone<T>(work: () => Promise<T>, gone: T): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof FaultError) || error.fault.code !== "sandbox-failed") throw error;
      this.#replaced += 1;
      if (this.#replaced > replacementsMax) throw error;
      await this.#resources.disposeAsync();
      await this.#openScreen();
      return gone;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

function tried(mutant: Mutant, { kind, ...more }: ScreenOutcome | EditOutcome): TriedMutant {
  const outcomes = { passed: "survived", failed: "killed", "timed-out": "timedOut" } as const;
  const outcome = kind === "broken" || kind === "unsuited" ? "errored" : outcomes[kind];
  return { mutant, outcome, ...("test" in more && more.test !== undefined ? { killedBy: more.test } : {}) };
}
