import type { EvalSummary } from "./summarise.ts";
import type { EvalGoal } from "./tools.ts";

/** An evaluation in a few sentences. */
export function summaryText(
  { dataset, proposer }: Pick<EvalGoal, "dataset" | "proposer">,
  { passed, problems, samples, passAtK, excluded, repair, gap, brokenReferences, rounds, costMicroUsd }: EvalSummary,
): string {
  const rates = passAtK.flatMap(({ k, interval }) =>
    interval === undefined ? [] : [`pass@${k} ${percent(interval.estimate)} ± ${percent(interval.halfWidth)}`],
  );
  // With several candidates each, that a problem passed would not say which.
  const what = samples > problems + excluded.length ? "problems passed with their first sample" : "problems passed";
  const who = proposer.kind === "model" ? proposer.model : proposer.kind;
  const sentences = [`${dataset}, ${who}: ${passed} of ${problems} ${what} (${rates.join(", ")}).`];
  if (repair !== undefined) sentences.push(`${repair.fixed} of ${repair.failing} that failed before were mended.`);
  if (rounds !== undefined) {
    const [first = 0] = rounds.passedAfter;
    const last = rounds.passedAfter.at(-1) ?? first;
    const gain = `${percent(first)} in the first round, ${percent(last)} after ${rounds.passedAfter.length}`;
    sentences.push(`${gain}; ${rounds.tokens} tokens, $${(costMicroUsd / 1e6).toFixed(4)}.`);
  }
  if (gap !== undefined) {
    sentences.push(`${gap.visible} passed the visible tests, ${gap.hidden} of these the hidden ones.`);
  }
  if (excluded.length > 0) {
    sentences.push(`Left out, since their check says nothing: ${few(excluded.map(({ task }) => task))}.`);
  }
  if (brokenReferences.length > 0) {
    sentences.push(`The reference solution itself does not pass: ${few(brokenReferences)}.`);
  }
  return sentences.join(" ");
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function few(names: readonly string[]): string {
  const tasks = [...new Set(names)];
  return `${tasks.slice(0, 5).join(", ")}${tasks.length > 5 ? ` and ${tasks.length - 5} more` : ""}`;
}
