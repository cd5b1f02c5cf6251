import type { RowResult } from "./heal-row.ts";

/** One line of a row's result. */
export function describeRow(result: RowResult): string {
  const rate = result.candidates / Math.max(result.seconds, 0.001);
  const found =
    result.plausible === 0 ? "none" : `${result.equal ? "equal" : "other"}${result.passes ? "" : ", REFUTED"}`;
  return [
    found.padEnd(14),
    `${result.failing}/${result.tests} failing`.padEnd(15),
    `${result.candidates} candidates`.padEnd(17),
    `${result.seconds.toFixed(1)} s`.padEnd(8),
    `${rate.toFixed(0)}/s`.padEnd(7),
    result.method ?? "",
    result.note ?? "",
  ].join(" ");
}

/** One line of all. */
export function summarizeRows(results: readonly RowResult[]): string {
  const found = results.filter((result) => result.plausible > 0);
  const times = found.map((result) => result.seconds).sort((a, b) => a - b);
  const firsts = found.flatMap(({ first }) => (first ? [first.seconds] : [])).sort((a, b) => a - b);
  const total = results.reduce((sum, result) => sum + result.candidates, 0);
  const spent = results.reduce((sum, result) => sum + result.seconds, 0);
  return (
    `rows ${results.length}, plausible ${found.length}, confirmed by a fresh run ${found.filter((r) => r.passes).length}, ` +
    `equal to the canonical solution ${found.filter((r) => r.equal).length}, median ${times[times.length >> 1]?.toFixed(2) ?? "-"} s, to the first ${firsts[firsts.length >> 1]?.toFixed(2) ?? "-"} s, ` +
    `${total} candidates, ${(total / Math.max(spent, 0.001)).toFixed(0)} candidates/s`
  );
}
