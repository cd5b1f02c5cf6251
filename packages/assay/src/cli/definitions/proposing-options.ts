import type { Proposing, RouterName } from "@assay/sdk";
import { type Command, Option } from "commander";
import type { BudgetFlags } from "#app";
import { collect, parseAmount, parseUsd } from "./parse-options.ts";

export type BudgetOptions = {
  /** Seconds. */
  maxTime?: number;
  maxAttempts?: number;
  /** US dollars. */
  maxCost?: number;
  maxTokens?: number;
  maxRequests?: number;
};

export type ProposingOptions = BudgetOptions & { proposer: string[]; router?: RouterName };

/** Who is asked, in which order, and what asking may cost; the same for every command that proposes. */
export function withProposingOptions(command: Command): Command {
  const proposing = command
    .addOption(
      new Option(
        "--proposer <who>",
        "ask search, model:PROVIDER/MODEL or a configured name, agent:NAME, human, worker:CAPABILITY, or council:A,B,…; repeatable",
      )
        .argParser(collect)
        .default([], "what you configured, else search"),
    )
    .addOption(new Option("--router <name>", "who decides whom to ask next").choices(["fixed", "learned", "none"]));
  return withModelBudget(proposing);
}

/** What models may take; of a resumed run, in addition. */
export function withModelBudget(command: Command): Command {
  return command
    .option("--max-cost <usd>", "what models may cost, in US dollars", parseUsd)
    .option("--max-tokens <n>", "tokens that models may take, prompts and answers together", parseAmount)
    .option("--max-requests <n>", "requests that models may be sent, tries that failed included", parseAmount);
}

/** The budget's flags as the app takes them. */
export function budgetFlags(options: BudgetOptions): BudgetFlags {
  const { maxTime, maxAttempts, maxCost, maxTokens, maxRequests } = options;
  return {
    ...(maxTime === undefined ? {} : { secondsMax: maxTime }),
    ...(maxAttempts === undefined ? {} : { attemptsMax: maxAttempts }),
    ...(maxCost === undefined ? {} : { usdMax: maxCost }),
    ...(maxTokens === undefined ? {} : { tokensMax: maxTokens }),
    ...(maxRequests === undefined ? {} : { requestsMax: maxRequests }),
  };
}

/** What of a goal says who proposes. */
export function proposingOf({ proposer, router }: Pick<ProposingOptions, "proposer" | "router">): Proposing {
  return { ...(proposer.length === 0 ? {} : { proposers: proposer }), ...(router === undefined ? {} : { router }) };
}
