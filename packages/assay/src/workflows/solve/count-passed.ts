import { loadObservation } from "../shared/observe.ts";
import type { Judged } from "../shared/repair/check.ts";
import type { SolveTools } from "./tools.ts";

export type Counted = { passed: number; total: number };

/** Which of these tests passed in every run of the candidate, and which did not; none where it was not run. */
export async function countPassed(
  { blobs }: SolveTools,
  { evidence }: Judged,
  ids: readonly string[],
): Promise<{ counted: Counted; missed: string[] }> {
  const passedIn = await Promise.all(
    evidence.map(async ({ digest }) => {
      const { results } = (await loadObservation(blobs, digest)).report;
      return new Set(results.filter(({ outcome }) => outcome === "passed").map(({ id }) => id));
    }),
  );
  const missed = ids.filter((id) => passedIn.length === 0 || passedIn.some((passed) => !passed.has(id)));
  return { counted: { passed: ids.length - missed.length, total: ids.length }, missed };
}
