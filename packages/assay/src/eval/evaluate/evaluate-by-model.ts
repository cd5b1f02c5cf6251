import type { CheckOutcome, ModelCall, ProblemEvaluated } from "@assay/sdk";
import { problemEvaluatedSchema } from "@assay/sdk";
import { z } from "zod";
import { FaultError, faultPolicy } from "#domain";
import type { Run } from "#engine";
import type { LanguageModel, ModelRequest } from "#ports";
import { askModel } from "#workflows";
import { firstMessages, nextMessages, observedText } from "../candidates/function-prompts.ts";
import { moduleOfAnswer } from "../candidates/module-of-answer.ts";
import type { Problem } from "../datasets/problem.ts";
import { type Evaluating, observe } from "./evaluate-problem.ts";
import { candidateLimits, referenceLimits } from "./limits.ts";
import { toEvent } from "./to-event.ts";

type Sampling = { run: Run; given: Evaluating; model: LanguageModel; problem: Problem; key: string };
type Checked = { full: ProblemEvaluated; visiblePassed: boolean; observed: string };

/** How often an answer that broke off is asked for again. */
const brokenOffMax = 2;
/** A whole module is seldom longer. */
const outputTokensMax = 4_096;

/**
 * Asks a model for several candidates of a problem, each mended for some rounds with what its visible tests said. Every call is a step of its
 * own, its worst case set aside before: a crash repeats at most one, and no limit is passed.
 */
export async function evaluateByModel(
  run: Run,
  given: Evaluating,
  model: LanguageModel,
  problem: Problem,
  index: number,
): Promise<ProblemEvaluated[]> {
  const { proposer } = given.goal;
  if (proposer.kind !== "model") throw new Error(`a model was asked for the proposer ${proposer.kind}`);
  const samples = Array.from({ length: proposer.samples }, (_, sample) => async () => {
    const key = `problem-${index}.sample-${sample}`;
    return await evaluateSample({ run, given, model, problem, key }, sample, proposer.rounds, proposer.temperature);
  });
  return await run.all(samples, { concurrency: given.goal.workers });
}

async function evaluateSample(
  sampling: Sampling,
  sample: number,
  rounds: number,
  temperature: number | undefined,
): Promise<ProblemEvaluated> {
  const { problem } = sampling;
  const byRound: CheckOutcome[] = [];
  const calls: ModelCall[] = [];
  let asking = firstMessages(problem);
  let last: Checked | undefined;
  for (let round = 1; round <= rounds; round += 1) {
    const request: ModelRequest = {
      messages: asking.messages,
      outputTokensMax: Math.min(outputTokensMax, sampling.model.description.outputTokensMax),
      ...(temperature === undefined ? {} : { temperature }),
    };
    const { run, given, model } = sampling;
    let text = "";
    let call: ModelCall | undefined;
    for (let again = 0; again <= brokenOffMax; again += 1) {
      const key = `${sampling.key}.round-${round}${again === 0 ? "" : `.again-${again}`}`;
      const asked = await askModel(run, given.tools.blobs, key, model, asking.prompt, request, { pausing: true });
      call = asked.call;
      await run.emit({ type: "model-asked", proposer: "model", ...call });
      calls.push(call);
      // A key that is not accepted, or a model that is not there, is so for every problem.
      if (call.fault !== undefined && faultPolicy(call.fault.code).disposition === "terminal") {
        throw new FaultError(call.fault);
      }
      text = asked.answer.kind === "answered" ? asked.answer.text : "";
      if (call.end !== "failed") break;
    }
    if (call === undefined) throw new Error("a round asks at least once");
    last = await check(sampling, `${sampling.key}.check-${round}`, sample, text, call);
    byRound.push(last.full.outcome);
    if (last.visiblePassed || call.end === "failed") break;
    asking = nextMessages(asking.messages, text, last.observed);
  }
  if (last === undefined) throw new Error("a sample has at least one round");
  const sum = (pick: (call: ModelCall) => number) => calls.reduce((total, call) => total + pick(call), 0);
  return {
    ...last.full,
    sample,
    byRound,
    rounds: byRound.length,
    tried: byRound.length,
    tokens: sum(({ inputTokens, outputTokens }) => inputTokens + outputTokens),
    proposeMs: Math.round(sum(({ wallMs }) => wallMs)),
    costMicroUsd: sum(({ costMicroUsd }) => costMicroUsd),
  };
}

const checkedSchema = z.object({ full: problemEvaluatedSchema, visiblePassed: z.boolean(), observed: z.string() });

/** By the visible tests and by all of them; an answer without code is no candidate, and a failed call says nothing. */
async function check(
  { run, given, problem }: Sampling,
  key: string,
  sample: number,
  text: string,
  call: ModelCall,
): Promise<Checked> {
  return await run.step(
    key,
    { answer: call.answerDigest ?? null },
    async () => {
      const reference = await observe(given, problem, problem.canonical, problem.tests, referenceLimits);
      const limits = candidateLimits(reference);
      const shown = given.goal.visible === "example_test" ? problem.exampleTests : undefined;
      const measured = { reference: reference.outcome.kind, referenceCpuMs: reference.cpuMs };
      const told = (outcome: CheckOutcome, message: string): Checked => ({
        full: { ...toEvent(problem, sample, reference, limits), ...measured, outcome, message, calls: 0 },
        visiblePassed: false,
        observed: message,
      });
      if (call.fault !== undefined) return told("fault", call.fault.message);
      const candidate = moduleOfAnswer(problem, text);
      if (candidate === undefined) {
        const why = call.end === "complete" ? "the answer has no code of the function" : `the answer is ${call.end}`;
        return told("invalid", why);
      }
      const full = await observe(given, problem, candidate, problem.tests, limits);
      const seen = shown === undefined ? full : await observe(given, problem, candidate, shown, limits);
      return {
        full: {
          ...toEvent(problem, sample, full, limits),
          ...measured,
          ...(shown === undefined ? {} : { visible: seen.outcome.kind }),
        },
        visiblePassed: seen.outcome.kind === "passed",
        observed: observedText(seen),
      };
    },
    checkedSchema,
  );
}
