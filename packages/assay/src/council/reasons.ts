import type { Ballot } from "./ballot.ts";
import type { DistinctChange } from "./distinct.ts";
import type { Shortfall } from "./majority.ts";

/** Why judges did not vote, one clause each. */
export function abstentions(ballots: readonly Ballot[]): string[] {
  return ballots.flatMap((ballot) => (ballot.kind === "cast" ? [] : `${ballot.judge} abstains: ${ballot.reason}`));
}

export function whyNotAsked(changes: readonly DistinctChange[]): string {
  const count = changes.flatMap(({ candidates }) => candidates).length;
  return count === 1 ? "only one candidate is proven" : `all ${count} proven candidates make the same change`;
}

/** What the ballots say together. `agreement` is Kendall's W. */
export function agreementText(counted: number, agreement: number | undefined, agreementMin: number): string {
  const ballots = counted === 1 ? "one ballot counts" : `${counted} ballots count`;
  if (counted === 0) return "no ballot counts";
  if (agreement === undefined) return `${ballots}, and no two judges ranked the same changes`;
  const figure = `Kendall's W is ${agreement.toFixed(2)}, ${ballots}`;
  if (agreement < agreementMin) return `the judges disagree: ${figure}, and agreement begins at ${agreementMin}`;
  return `the judges agree: ${figure}`;
}

export function majorityText(
  { first, rival, judges }: Shortfall,
  changes: readonly DistinctChange[],
  of: number,
): string {
  const id = (item: number) => changes[item]?.candidates[0].id ?? "";
  return `of ${of} judges ${judges} put ${id(first)} before ${id(rival)}, and more than half must`;
}

export const tieText = "several orders are equally near to the ballots: Borda points, then size decide between them";

/** The smallest change and the next. */
export function smallestText([first, second]: readonly DistinctChange[]): string {
  if (first === undefined || second === undefined) throw new Error("there are not two changes to compare");
  const said = ({ size, candidates }: DistinctChange) =>
    `${candidates[0].id} (nodes of the syntax tree: ${size.nodesChanged}, lines: ${size.linesChanged}, files: ${size.filesChanged})`;
  return `the smallest change comes first: ${said(first)}, before ${said(second)}`;
}
