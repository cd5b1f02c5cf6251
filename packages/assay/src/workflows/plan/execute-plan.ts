import { type Plan, type PlannedTask, planSchema } from "@assay/sdk";
import { z } from "zod";
import {
  endedUnder,
  type KnownOfPlan,
  type PlanRevision,
  raise,
  readyTasks,
  retryOnce,
  revisionProblems,
  skippedTasks,
  type TaskEnding,
  type TaskOutcome,
} from "#domain";
import type { Run } from "#engine";
import { Board, StandStill } from "./board.ts";
import { performTask, type TaskEnd } from "./perform-task.ts";
import type { PlanGoal, PlanTools } from "./tools.ts";

/** A plan that still changes after so many revisions does not converge. */
const revisionsMax = 100;
/** No task's key: those begin with a letter or digit. */
const tickKey = "@tick";

const nextSchema = z.object({ key: z.string(), durationMs: z.number() });
const revisionSchema = z.object({ reason: z.string(), plan: planSchema, retry: z.array(z.string()) }).nullable();

/** What a plan came to: the plan as it was revised last, and how each of its tasks ended. */
export type PlanEnd = { plan: Plan; ended: ReadonlyMap<string, TaskEnding> };

/**
 * Executes a plan to its end. Which task ended next is a step, so that a replay takes the same ends in the same order and decides
 * the same, whatever is faster then.
 */
export class PlanExecution {
  readonly #run: Run;
  readonly #goal: PlanGoal;
  readonly #tools: PlanTools;
  readonly #board = new Board<TaskEnd | "tick">();
  readonly #attempts = new Map<string, number>();
  #plan: Plan;
  #revision = 1;
  #asked = 0;
  #ticks = 0;
  #ended = new Map<string, TaskEnding>();

  constructor(run: Run, goal: PlanGoal, tools: PlanTools) {
    this.#run = run;
    this.#goal = goal;
    this.#tools = tools;
    this.#plan = goal.plan;
  }

  async execute(): Promise<PlanEnd> {
    await this.#run.emit({ type: "plan-made", revision: 1, reason: "as it was given", plan: this.#plan });
    for (let turn = 1; ; turn++) {
      await this.#skip(skippedTasks(this.#plan, this.#outcomes()), "what it depends on is not done");
      this.#beginAll(readyTasks(this.#plan, this.#standing()));
      if (this.#board.running.size === 0) break;
      this.#wind();
      await this.#next(turn);
    }
    const left = this.#plan.tasks.flatMap(({ key }) => (this.#ended.has(key) ? [] : [key]));
    await this.#skip(left, "the plan stops at the first failure");
    return { plan: this.#plan, ended: this.#ended };
  }

  #beginAll(tasks: readonly PlannedTask[]): void {
    const running = this.#board.running;
    // Each that needs a budget gets an equal share of what is left: so many are still to get one.
    let shares = this.#plan.tasks.filter(
      ({ key, work }) => work.kind === "goal" && !this.#ended.has(key) && !running.has(key),
    ).length;
    for (const task of tasks) {
      const attempt = (this.#attempts.get(task.key) ?? 0) + 1;
      this.#attempts.set(task.key, attempt);
      const key = attempt === 1 ? task.key : `${task.key}@${attempt}`;
      this.#board.begin(task.key, performTask(this.#run, this.#goal, this.#tools, task, key, shares));
      if (task.work.kind === "goal") shares--;
    }
  }

  /** The next tick is under way, where there are ticks. */
  #wind(): void {
    const { replanMs } = this.#plan;
    if (replanMs === undefined || this.#board.has(tickKey)) return;
    this.#ticks++;
    this.#board.alarm(
      tickKey,
      this.#run.sleep(`tick-${this.#ticks}`, replanMs).then(() => "tick"),
    );
  }

  async #next(turn: number): Promise<void> {
    const { key, durationMs } = await this.#first(turn);
    const end = await this.#board.take(key);
    if (end === "tick") return this.#replan("tick");
    const { outcome, detail, retryable = false, output, journaled } = end;
    this.#ended.set(key, { outcome, detail, retryable, attempts: this.#attempts.get(key) ?? 1 });
    const kept = output === undefined ? {} : { output };
    if (!journaled) {
      await this.#run.emit({ type: "task-finished", task: key, outcome, ...kept, detail, durationMs });
    }
    const { tasks } = this.#plan;
    this.#tools.progress({ kind: "counting", what: "tasks", done: this.#ended.size, total: tasks.length, detail: key });
    if (outcome === "failed") await this.#replan("failure");
  }

  async #first(turn: number): Promise<z.infer<typeof nextSchema>> {
    try {
      return await this.#run.step(`next-${turn}`, null, () => this.#run.idle(() => this.#board.first()), nextSchema);
    } catch (error) {
      // Not as a fault within the step: that one would be tried again, and what stands still would stand still.
      throw error instanceof StandStill ? error.cause : error;
    }
  }

  async #replan(cause: KnownOfPlan["cause"]): Promise<void> {
    const { replan = retryOnce } = this.#tools;
    const known = { cause, ended: this.#ended, running: this.#board.running };
    this.#asked++;
    const decide = () => replan(this.#plan, known) ?? null;
    const revision = await this.#run.step(`replan-${this.#asked}`, { cause }, decide, revisionSchema);
    if (revision !== null) await this.#adopt(revision);
  }

  async #adopt(revision: PlanRevision): Promise<void> {
    const problems = revisionProblems(this.#plan, this.#standing(), revision);
    if (problems.length > 0) throw new Error(`an unsound revision of the plan: ${problems.slice(0, 10).join("; ")}`);
    this.#revision++;
    if (this.#revision > revisionsMax) {
      raise("config-invalid", `the plan was revised ${revisionsMax} times and is not done`, "make another plan");
    }
    this.#ended = endedUnder(this.#ended, revision);
    this.#plan = revision.plan;
    const { reason, plan } = revision;
    await this.#run.emit({ type: "plan-made", revision: this.#revision, reason, plan });
  }

  async #skip(keys: readonly string[], detail: string): Promise<void> {
    for (const task of keys) {
      this.#ended.set(task, { outcome: "skipped", detail, retryable: false, attempts: this.#attempts.get(task) ?? 0 });
      await this.#run.emit({ type: "task-finished", task, outcome: "skipped", detail, durationMs: 0 });
    }
  }

  #standing() {
    return { ended: this.#outcomes(), running: this.#board.running };
  }

  #outcomes(): Map<string, TaskOutcome> {
    return new Map([...this.#ended].map(([key, { outcome }]) => [key, outcome]));
  }
}
