import { type AttemptName, FaultError, raise, suiteLimits } from "#domain";
import type { ProjectProfile, Screen, Snapshot, TestRunner, Workspaces } from "#ports";

const warmMsMax = 30 * 60_000;
/** Screens that died are replaced this often. */
const replacementsMax = 10;

export type TrialScreenOptions = {
  workspaces: Workspaces;
  runner: TestRunner;
  snapshot: Snapshot;
  profile: ProjectProfile;
  /** Of the workspaces. */
  name: AttemptName;
  testMsMax: number;
  signal: AbortSignal;
};

/** A runner's warm screen on a workspace of its own, replaced when something takes it down. */
export class TrialScreen implements AsyncDisposable {
  readonly #options: TrialScreenOptions;
  #resources = new AsyncDisposableStack();
  #screen: Screen | undefined;
  #replaced = 0;

  private constructor(options: TrialScreenOptions) {
    this.#options = options;
  }

  static async open(options: TrialScreenOptions): Promise<TrialScreen> {
    const one = new TrialScreen(options);
    await one.#open();
    return one;
  }

  /** Whether the runner has one. */
  get exists(): boolean {
    return this.#screen !== undefined;
  }

  /** `gone` when it went down, or there is none. Raises `interrupted`, and what keeps it from coming up again. */
  async use<T>(work: (screen: Screen) => Promise<T>, gone: T): Promise<T> {
    if (this.#screen === undefined) return gone;
    try {
      return await work(this.#screen);
    } catch (error) {
      // What fails under an abort says nothing of the code.
      if (this.#options.signal.aborted) raise("interrupted", "interrupted while mutants were tried");
      if (!(error instanceof FaultError) || error.fault.code !== "sandbox-failed") throw error;
      this.#replaced += 1;
      if (this.#replaced > replacementsMax) throw error;
      await this.#resources.disposeAsync();
      await this.#open();
      return gone;
    }
  }

  async #open(): Promise<void> {
    const { workspaces, runner, snapshot, profile, name, testMsMax, signal } = this.#options;
    await using opening = new AsyncDisposableStack();
    const workspace = opening.use(await workspaces.open(snapshot, name));
    const limits = { ...suiteLimits, wallMsMax: warmMsMax };
    this.#screen = await runner.screen?.({ profile, workspace, limits, testMsMax, signal });
    if (this.#screen !== undefined) opening.use(this.#screen);
    this.#resources = opening.move();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}
