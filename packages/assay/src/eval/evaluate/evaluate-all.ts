import type { ProblemEvaluated } from "@assay/sdk";
import type { Run } from "#engine";
import type { Problem } from "../datasets/problem.ts";
import { evaluateByModel } from "./evaluate-by-model.ts";
import { type Evaluating, evaluateProblem } from "./evaluate-problem.ts";
import { problemRecordSchema } from "./problem-record.ts";

/** Settled together: long enough that recording costs little, short enough to keep to the time budget. */
const groupSize = 8;

/**
 * Evaluates problems, some at the same time; each is a step of its own, so that a resume goes on behind the last one recorded.
 * Throws `budget-exhausted` when the time is used up. `seconds` is the wall clock of all executions.
 */
export async function evaluateAll(
  run: Run,
  evaluating: Evaluating,
  problems: readonly Problem[],
): Promise<{ events: ProblemEvaluated[]; seconds: number }> {
  const { tools, goal } = evaluating;
  const startedAt = performance.now();
  let done = 0;
  let passed = 0;
  let freshMs = 0;
  let stopped: unknown;

  const told = async (events: ProblemEvaluated[]) => {
    for (const event of events) await run.emit(event);
    done += 1;
    if (events[0]?.outcome === "passed") passed += 1;
    tools.progress({ kind: "counting", what: "problems", done, total: problems.length, detail: `${passed} passed` });
    return events;
  };
  const evaluateOne = async (problem: Problem, index: number): Promise<{ events: ProblemEvaluated[]; ms: number }> => {
    let ms = 0;
    if (evaluating.model !== undefined) {
      const begun = performance.now();
      const events = await evaluateByModel(run, evaluating, evaluating.model, problem, index);
      return { events: await told(events), ms: performance.now() - begun };
    }
    const record = await run.step(
      `problem-${index}`,
      { task: problem.task },
      async () => {
        const begun = performance.now();
        const evaluated = await evaluateProblem(evaluating, problem, index);
        ms = performance.now() - begun;
        return evaluated;
      },
      problemRecordSchema,
    );
    return { events: await told(record.samples), ms };
  };

  const isQuick = goal.proposer.kind === "canonical" || goal.proposer.kind === "samples";
  const size = isQuick ? groupSize : 1;
  const groups = Array.from({ length: Math.ceil(problems.length / size) }, (_, at) => async () => {
    // What keeps one from being asked about keeps all.
    if (stopped !== undefined) throw stopped;
    const reservation = await run.reserve(`group-${at}`, { wallMs: 1 });
    const events: ProblemEvaluated[] = [];
    let ms = 0;
    for (let index = at * size; index < Math.min(problems.length, (at + 1) * size); index += 1) {
      const problem = problems[index];
      if (problem === undefined) break;
      const one = await evaluateOne(problem, index).catch((error: unknown) => {
        stopped ??= error;
        throw error;
      });
      events.push(...one.events);
      ms += one.ms;
    }
    // Those who work at the same time share the wall clock.
    const wallMs = ms / Math.min(goal.workers, groups.length);
    freshMs += wallMs;
    await reservation.settle({ wallMs });
    return events;
  });
  const events = (await run.all(groups, { concurrency: goal.workers })).flat();
  const seconds = await run.step("seconds", null, () => {
    // What earlier executions took is known by what they settled; this one's by the clock.
    const earlierMs = run.budget.spent().wallMs - freshMs;
    return Math.max(0, earlierMs + performance.now() - startedAt) / 1000;
  });
  return { events, seconds };
}
