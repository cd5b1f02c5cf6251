import type { ClassifiedFailure } from "@assay/sdk";
import type { Budget, Spending } from "#domain";
import type { LanguageModel } from "./language-model.ts";
import type { Proposer } from "./proposer.ts";

/** One who may be asked, with what came of asking them before in this run. */
export type Seat = {
  readonly name: Proposer["name"];
  readonly instance?: string;
  /** US dollars for a million tokens, in and out together as they are usually mixed; 0: free; absent: not known. */
  readonly usdPerMillionTokens?: number;
  /** Whether it still has something to propose. */
  open: boolean;
  /** Batches asked for, candidates checked, and the last of them that was nearest to what is wanted. */
  batches: number;
  checked: number;
  faults: number;
  spent: Spending;
};

export type RouteQuestion = {
  /** In the order in which they were named. At least one is open. */
  seats: readonly Seat[];
  language: string;
  failures: readonly ClassifiedFailure[];
  /** Lines of the source files that the failures point at. */
  suspectLines: number;
  remaining: Budget;
};

/** Index of an open seat, and why it: at least one reason, each a clause. */
export type Route = { seat: number; reasons: string[] };

/** Decides who is asked next. What it returns is recorded: it may look at what changes. */
export interface Router {
  readonly name: "fixed" | "learned" | "none";
  choose(question: RouteQuestion): Promise<Route>;
}

/** Who may be asked for a goal, and who decides in which order. */
export type Panel = { proposers: readonly Proposer[]; router: Router; council?: Council };

/** Who proposes without sight of one another, and who ranks what is proven of it. Asked when the others have nothing left. */
export type Council = { members: readonly Proposer[]; judges: readonly LanguageModel[] };
