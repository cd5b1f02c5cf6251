import type { ClassifiedFailure, ErrorCategory, Failure } from "@assay/sdk";

type Fixability = ClassifiedFailure["fixability"];

/** How often a local change heals such a failure, as a starting point; ours, to be replaced by what runs teach. */
const base: Record<ErrorCategory, number> = {
  syntax: 0.85,
  name: 0.8,
  "missing-name": 0.75,
  attribute: 0.7,
  type: 0.65,
  lookup: 0.65,
  assertion: 0.55,
  "missing-module": 0.5,
  timeout: 0.35,
  collection: 0.3,
  memory: 0.2,
  crash: 0.2,
  other: 0.4,
};

export type FixabilityFacts = {
  category: ErrorCategory;
  failure: Failure;
  environment: boolean;
  tests: number;
  /** The failure, or a frame of it, lies in a file that a proposer may edit. */
  editable: boolean;
};

/** From 0 (not by changing code) to 1, with what speaks for and against it. */
export function fixability({ category, failure, environment, tests, editable }: FixabilityFacts): Fixability {
  if (environment) return { score: 0, reasons: ["something is missing in the environment, not in the code"] };
  let score = base[category];
  const reasons = [`failures of the kind ${category} start at ${score}`];
  const adjust = (by: number, reason: string) => {
    score += by;
    reasons.push(`${reason} (${by > 0 ? "+" : ""}${by})`);
  };
  if (editable) adjust(0.1, "the failure passes through source code");
  else adjust(-0.1, "no source line is named, only the test");
  if (failure.expected !== undefined && failure.actual !== undefined)
    adjust(0.1, "expected and actual value are known");
  if (tests > 1) adjust(0.05, `${tests} tests show the same failure`);
  if (failure.line === undefined) adjust(-0.1, "the place is unknown");
  return { score: Math.round(Math.min(1, Math.max(0, score)) * 100) / 100, reasons };
}
