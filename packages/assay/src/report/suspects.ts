import type { ClassifiedFailure, RunEvent } from "@assay/sdk";
import { z } from "zod";
import type { Suspect } from "./run-view.ts";

const suspectsMax = 10;

/** The part of a step's recorded result that matters here: a proposal's suspects. */
const proposalSchema = z.object({
  value: z.object({
    suspects: z.array(z.object({ file: z.string(), line: z.number(), score: z.number() })).min(1),
  }),
});

/**
 * Where the fault probably is: the places a proposer computed, where a step recorded them, else the innermost frames
 * of the failures outside the failing test's own file, most frequent first.
 */
export function findSuspects(events: readonly RunEvent[], failures: readonly ClassifiedFailure[]): Suspect[] {
  const found = new Map<string, Suspect>();
  for (const event of events) {
    const proposal = event.type === "step-finished" ? proposalSchema.safeParse(event.result).data : undefined;
    for (const { file, line, score } of proposal?.value.suspects ?? []) {
      const key = `${file}:${line}`;
      if ((found.get(key)?.score ?? -1) < score) {
        found.set(key, { file, line, score, why: "executed mostly by failing tests" });
      }
    }
  }
  if (found.size > 0) return [...found.values()].sort((a, b) => (b.score ?? 0) - (a.score ?? 0)).slice(0, suspectsMax);
  return fromFrames(failures);
}

function fromFrames(failures: readonly ClassifiedFailure[]): Suspect[] {
  const counts = new Map<string, { suspect: Suspect; tests: number }>();
  for (const { failure, tests } of failures) {
    const outermost = failure.frames.at(-1)?.file;
    const frame = failure.frames.find(({ file }) => file !== failure.file && file !== outermost) ?? failure.frames[0];
    if (frame === undefined) continue;
    const key = `${frame.file}:${frame.line}`;
    const entry = counts.get(key) ?? { suspect: { file: frame.file, line: frame.line, why: "" }, tests: 0 };
    entry.tests += Math.max(1, tests.length);
    entry.suspect.why = `in the trace of ${entry.tests} failing test${entry.tests === 1 ? "" : "s"}`;
    counts.set(key, entry);
  }
  return [...counts.values()]
    .sort((a, b) => b.tests - a.tests)
    .slice(0, suspectsMax)
    .map(({ suspect }) => suspect);
}
