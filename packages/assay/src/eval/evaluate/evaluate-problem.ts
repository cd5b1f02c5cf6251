import type { ProblemEvaluated } from "@assay/sdk";
import type { RunId } from "#domain";
import type { FunctionCheckLimits, FunctionObservation, FunctionOracle, LanguageModel } from "#ports";
import { type Repair, repairBySearch } from "../candidates/repair-by-search.ts";
import type { Problem } from "../datasets/problem.ts";
import type { EvalGoal, EvalTools } from "../tools.ts";
import { candidateLimits, referenceLimits } from "./limits.ts";
import type { ProblemRecord } from "./problem-record.ts";
import { messageMax, toEvent } from "./to-event.ts";

export type Evaluating = {
  run: RunId;
  goal: EvalGoal;
  tools: EvalTools;
  oracle: FunctionOracle;
  /** Where the proposer is one. */
  model?: LanguageModel;
  /** By task, where the proposer is a file of samples. */
  samples: ReadonlyMap<string, readonly string[]>;
  signal: AbortSignal;
};

/** The reference first, then every candidate for the problem; the full suite has the last word. */
export async function evaluateProblem(given: Evaluating, problem: Problem, index: number): Promise<ProblemRecord> {
  const { goal, samples } = given;
  const reference = await observe(given, problem, problem.canonical, problem.tests, referenceLimits);
  if (goal.proposer.kind === "canonical") return { samples: [toEvent(problem, 0, reference, referenceLimits)] };

  const limits = candidateLimits(reference);
  const shown = goal.visible === "example_test" ? problem.exampleTests : undefined;
  const tell = async (sample: number, candidate: string): Promise<ProblemEvaluated> => {
    const seen = shown === undefined ? undefined : await observe(given, problem, candidate, shown, limits);
    const observation = await observe(given, problem, candidate, problem.tests, limits);
    return {
      ...toEvent(problem, sample, observation, limits),
      reference: reference.outcome.kind,
      referenceCpuMs: reference.cpuMs,
      ...(seen === undefined ? {} : { visible: seen.outcome.kind }),
    };
  };
  if (goal.proposer.kind === "samples") {
    const events: ProblemEvaluated[] = [];
    for (const [sample, completion] of (samples.get(problem.task) ?? []).entries()) {
      events.push(await tell(sample, problem.prompt + completion));
    }
    return { samples: events };
  }
  const buggy = problem.buggy ?? problem.canonical;
  const before = await observe(given, problem, buggy, problem.tests, limits);
  const repair = await repairBySearch(given, problem, index, shown ?? problem.tests);
  const { candidate, note, method: _method, methods: _methods, ...cost } = repair;
  // Nothing found: what is handed in is the code as it was.
  const told = { ...(await tell(0, candidate ?? buggy)), ...cost, before: before.outcome.kind };
  if (goal.learn) await learn(given, problem, repair, told.outcome === "passed");
  if (note === undefined || told.outcome === "passed") return { samples: [told] };
  return { samples: [{ ...told, message: [note, told.message].filter(Boolean).join("; ").slice(0, messageMax) }] };
}

/** A lesson on what failed tests of functions: whether the first change passed the tests that the search did not see. */
async function learn(
  { tools }: Evaluating,
  { language }: Problem,
  { method, methods, proposeMs }: Repair,
  passed: boolean,
): Promise<void> {
  const found = method === undefined ? [] : [method];
  await tools.knowledge?.add([
    {
      version: 1,
      at: Date.now(),
      language,
      category: "assertion",
      proposer: "search",
      tried: methods,
      accepted: [],
      refused: [],
      survived: passed ? found : [],
      refuted: passed ? [] : found,
      wallMs: proposeMs,
      costMicroUsd: 0,
    },
  ]);
}

export async function observe(
  { oracle, signal }: Evaluating,
  { language, entryPoint, preamble }: Problem,
  candidate: string,
  tests: string,
  limits: FunctionCheckLimits,
): Promise<FunctionObservation> {
  const request = { language, candidate, entryPoint, preamble, tests, limits };
  const first = await oracle.check(request, signal);
  // A sandbox that failed once says nothing; failing twice is told as it is.
  return first.outcome.kind === "fault" && !signal.aborted ? oracle.check(request, signal) : first;
}
