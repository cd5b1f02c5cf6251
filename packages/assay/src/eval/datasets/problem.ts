import type { FunctionLanguage } from "#ports";

/** One task of a dataset, as every dataset's rows become it. */
export type Problem = {
  task: string;
  language: FunctionLanguage;
  entryPoint: string;
  /** What a completion is appended to. */
  prompt: string;
  /** Whole modules, as everything that is checked. */
  canonical: string;
  buggy?: string;
  /** What the tests may use, too: the prompt's code before the function. */
  preamble: string;
  /** The full suite: it has the last word. */
  tests: string;
  /** What a proposer may be shown instead of it. */
  exampleTests?: string;
};
