import type { ProblemEvaluated } from "@assay/sdk";
import { formatCount, formatDuration, type Html, html, sanitizeLine } from "#report";
import { saysNothing } from "../summarise.ts";

/** More make a page that browsers are slow to show; the CSV has all. */
const rowsMax = 3_000;

/** What did not pass comes first: that is what a reader looks for. */
export function problemTable(events: readonly ProblemEvaluated[]): Html {
  const rows = [
    ...events.filter(({ outcome }) => outcome !== "passed"),
    ...events.filter(({ outcome }) => outcome === "passed"),
  ];
  const isRepair = events.some(({ before }) => before !== undefined);
  const isSplit = events.some(({ visible }) => visible !== undefined);
  return html`<div class="card scroll"><table class="outcomes"><thead><tr><th>task</th><th>sample</th>${isRepair && html`<th>before</th>`}${isSplit && html`<th>visible</th>`}<th>outcome</th><th>calls</th><th>CPU</th></tr></thead><tbody>
${rows.slice(0, rowsMax).map(
  (
    event,
  ) => html`<tr><th scope="row">${sanitizeLine(event.task, 80)}${why(event)}</th><td>${event.sample}</td>${isRepair && html`<td>${event.before}</td>`}${isSplit && html`<td>${event.visible}</td>`}<td><span class="outcome ${classOf(event)}">${event.outcome}</span></td><td>${event.calls}</td><td>${formatDuration(event.cpuMs)}</td></tr>
`,
)}</tbody></table>${rows.length > rowsMax && html`<p class="quiet">and ${formatCount(rows.length - rowsMax)} more in eval.csv</p>`}</div>`;
}

function why({ outcome, errorType, message }: ProblemEvaluated): Html | false {
  const text = [errorType, message].filter(Boolean).join(": ");
  return outcome !== "passed" && text !== "" && html`<div class="why">${sanitizeLine(text, 300)}</div>`;
}

function classOf({ outcome }: ProblemEvaluated): string {
  return outcome === "passed" ? "passed" : saysNothing.has(outcome) ? "none" : "failed";
}
