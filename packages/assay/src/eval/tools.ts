import type { Goal } from "@assay/sdk";
import type { FunctionLanguage, FunctionOracle, LanguageModel, Proposer } from "#ports";
import type { WorkflowTools } from "#workflows";

export type EvalGoal = Extract<Goal, { kind: "eval" }>;

/** Everything an evaluation touches the world with. */
export type EvalTools = WorkflowTools & {
  /** Throws a `FaultError` where functions of this language cannot be isolated. */
  functionOracle: (language: FunctionLanguage, workers: number) => Promise<FunctionOracle>;
  /** By its configured name or `provider/model`; throws a `FaultError` of code `usage` for one that cannot be asked. */
  languageModel: (name: string) => Promise<LanguageModel>;
  /** Repairs a small project. */
  searchProposer: () => Proposer;
};
