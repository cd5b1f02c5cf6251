import { datasetNameSchema, problemEvaluatedSchema } from "@assay/sdk";
import { z } from "zod";
import type { EvalView } from "./eval-view.ts";

/** The form of `eval.json`: what `assay eval compare` reads. */
export const evalJsonSchema = z.object({
  format: z.literal("assay-eval/1"),
  run: z.string(),
  dataset: datasetNameSchema,
  data: z.object({ source: z.string(), digest: z.string() }),
  proposer: z.string(),
  visible: z.string(),
  seed: z.int(),
  problems: z.array(problemEvaluatedSchema),
});
export type EvalJson = z.infer<typeof evalJsonSchema>;

export function evalJson(view: EvalView): EvalJson & Record<string, unknown> {
  const { goal, summary, result } = view;
  return {
    format: "assay-eval/1",
    run: view.runId,
    assay: view.assayVersion,
    dataset: goal.dataset,
    data: goal.data,
    proposer: goal.proposer.kind,
    ...(goal.proposer.kind === "model" ? { model: goal.proposer } : {}),
    visible: goal.visible,
    seed: goal.seed,
    isFinished: result !== undefined,
    seconds: result?.seconds,
    verdictsPerSecond: result?.verdictsPerSecond,
    totals: { problems: summary.problems, passed: summary.passed, samples: summary.samples },
    passAtK: summary.passAtK,
    outcomes: Object.fromEntries(summary.outcomes),
    errors: Object.fromEntries(summary.errors),
    repair: summary.repair,
    gap: summary.gap,
    rounds: summary.rounds,
    excluded: summary.excluded.map(({ task, sample, outcome, message }) => ({ task, sample, outcome, message })),
    brokenReferences: summary.brokenReferences,
    costMicroUsd: summary.costMicroUsd,
    problems: [...view.events],
  };
}
