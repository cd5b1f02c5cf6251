import type { Result } from "@assay/sdk";
import type { Case } from "./check.ts";
import type { Searched } from "./searched.ts";

/** Several changes are proven, and the council could not say which is meant: none of them is taken. */
export function undecidedAmong(subject: Case, { judged, tried }: Searched, reasons: readonly string[]): Result {
  const proven = judged.filter(({ verdict }) => verdict.kind === "accepted").length;
  return {
    type: "result",
    outcome: "inconclusive",
    exitCode: 3,
    summary: `${proven} changes are proven, and none was taken: ${reasons.at(-1) ?? "the council does not agree"}. Add a test that tells them apart.`,
    base: subject.project.snapshot.digest,
    stillFailingTests: [...subject.targets.tests],
    candidatesTried: tried,
  };
}
