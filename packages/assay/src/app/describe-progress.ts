import { formatCount } from "#report";
import type { Progress } from "#workflows";

/** What is going on, in a few words each; not sanitised. */
export function describeProgress(progress: Progress): string[] {
  if (progress.kind === "phase") {
    return progress.detail === undefined ? [progress.phase] : [progress.phase, progress.detail];
  }
  if (progress.kind === "counting") {
    const counted = `${progress.what}: ${formatCount(progress.done)} of ${formatCount(progress.total)}`;
    return progress.detail === undefined ? [counted] : [counted, progress.detail];
  }
  const { proposer, tried, total, plausible, current } = progress;
  const of = total === undefined ? "" : ` of ${formatCount(total)}`;
  const counts = `${proposer}: ${formatCount(tried)}${of} candidates tried, ${plausible} plausible`;
  return current === undefined ? [counts] : [counts, current];
}
