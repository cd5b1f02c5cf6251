import type { Digest, Result } from "@assay/sdk";
import { raise } from "#domain";
import type { Run, Workflow } from "#engine";
import type { Blobs, LanguageModel } from "#ports";
import { readSamples } from "./candidates/read-samples.ts";
import { readDataset } from "./datasets/read-dataset.ts";
import { evaluateAll } from "./evaluate/evaluate-all.ts";
import { resultOf } from "./result-of.ts";
import { selectProblems } from "./select-problems.ts";
import type { EvalGoal, EvalTools } from "./tools.ts";

/** Evaluates a proposer on a dataset, problem by problem; what is recorded is never evaluated again. */
export function evalWorkflow(tools: EvalTools): Workflow<EvalGoal, Result> {
  return { name: "eval", version: 1, run: (run, goal) => evaluate(run, goal, tools) };
}

async function evaluate(run: Run, goal: EvalGoal, tools: EvalTools): Promise<Result> {
  const all = readDataset(goal.dataset, await kept(tools.blobs, goal.data.digest), goal.data.source);
  const { proposer } = goal;
  const samples =
    proposer.kind === "samples"
      ? readSamples(await kept(tools.blobs, proposer.digest), proposer.source, all)
      : new Map<string, readonly string[]>();
  const { problems, notes } = selectProblems(goal, all, samples);
  for (const message of notes) await run.emit({ type: "note", level: "warning", message });

  const [first] = problems;
  if (first === undefined) return raise("usage", "there is nothing to evaluate", "choose other tasks");
  tools.progress({ kind: "phase", phase: "starting workers" });
  await using oracle = await tools.functionOracle(first.language, goal.workers);
  const model = proposer.kind === "model" ? { model: await sameModel(proposer, tools) } : {};
  const evaluating = { run: run.id, goal, tools, oracle, samples, signal: run.abort, ...model };
  const { events, seconds } = await evaluateAll(run, evaluating, problems);
  return resultOf(goal, events, seconds);
}

/** A name in the configuration may stand for another model by now: what it answers would be told as the first one's. */
async function sameModel(
  { name, model }: Extract<EvalGoal["proposer"], { kind: "model" }>,
  tools: EvalTools,
): Promise<LanguageModel> {
  const opened = await tools.languageModel(name);
  const { id } = opened.description;
  if (id === model) return opened;
  return raise(
    "usage",
    `${name} was ${model} when the run began, and is ${id} now`,
    "start a new run, or configure it as it was",
  );
}

async function kept(blobs: Blobs, digest: Digest): Promise<Uint8Array> {
  return (await blobs.get(digest)) ?? raise("journal-corrupt", `the data ${digest} is missing`, "start a new run");
}
