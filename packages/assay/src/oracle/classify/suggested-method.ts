import type { ClassifiedFailure, ErrorCategory, Failure } from "@assay/sdk";

type Method = ClassifiedFailure["suggestedMethod"];

/** Failures about one name, which one replacement at one place can set right. */
const aboutOneName: readonly ErrorCategory[] = ["name", "missing-name", "missing-module"];

/** From this many different failures of one file on, its structure is in doubt. */
const failuresOfOneFileMax = 3;

export type MethodFacts = {
  category: ErrorCategory;
  failure: Failure;
  /** Failures about the same type and name, this one included. */
  sameName: number;
  /** Different failures in the same file, this one included. */
  sameFile: number;
};

/**
 * The edit that fits: unique and local → `update`; one place, few lines → `diff`; else `rewrite`. What happens before any
 * test runs and has no place (a collection that breaks as a whole) is structural.
 */
export function suggestedMethod({ category, failure, sameName, sameFile }: MethodFacts): Method {
  const located = failure.file !== undefined && failure.line !== undefined;
  if (located && aboutOneName.includes(category) && sameName === 1) return "update";
  const structural = category === "collection" || sameFile > failuresOfOneFileMax;
  return located && !structural ? "diff" : "rewrite";
}

/** The name that a failure is about, where its message quotes one. */
export function nameInMessage(message: string): string | undefined {
  return /['"`‘]([\w$.]+)['"`’]/.exec(message)?.[1] ?? /^([\w$]+) is not defined/.exec(message)?.[1];
}
