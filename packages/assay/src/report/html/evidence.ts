import type { TestOutcome } from "@assay/sdk";
import { formatCount, formatDuration, plural } from "../format.ts";
import type { RunView, TestChange } from "../run-view.ts";
import { sanitizeLine } from "../sanitize.ts";
import { type Html, html } from "./html.ts";
import { section, testId } from "./parts.ts";

const rowsMax = 1_000;

const signs: Record<TestOutcome, string> = {
  passed: "✓",
  failed: "✗",
  errored: "!",
  skipped: "↷",
  "timed-out": "◷",
  "not-run": "–",
};

/** Every test before and after; what changed or fails is open, what stayed the same is folded away. */
export function renderEvidence(view: RunView): Html {
  const { tests, after, baseline } = view;
  const loud = tests.filter(({ change, flaky }) => change !== "same" || flaky);
  const same = tests.filter((test) => !loud.includes(test));
  const title = after === undefined ? "Evidence" : "Evidence: before → after";
  const content = html`<div class="card">${loud.length > 0 && renderTable(loud, after !== undefined)}
${
  same.length > 0 &&
  html`<details><summary>${plural(same.length, "test")} with the same outcome${after !== undefined && " before and after"}</summary>
${renderTable(same, after !== undefined)}</details>`
}
${renderExecutions(view)}</div>`;
  return section("evidence", title, (baseline ?? after) !== undefined && content, plural(tests.length, "test"));
}

function renderTable(tests: readonly TestChange[], hasAfter: boolean): Html {
  const rest = tests.length - rowsMax;
  return html`<table class="outcomes"><thead><tr><th scope="col">Test</th><th scope="col">Before</th>${
    hasAfter && html`<th scope="col">After</th>`
  }</tr></thead><tbody>
${tests.slice(0, rowsMax).map(
  (
    test,
  ) => html`<tr class="${test.change}"><th scope="row">${testId(test.id)}${test.flaky && html` <span class="chip">flaky</span>`}${
    test.failure !== undefined &&
    test.change !== "same" &&
    html`<p class="why">${sanitizeLine(test.failure.message, 240)}</p>`
  }</th><td>${outcome(test.before)}</td>${hasAfter && html`<td>${outcome(test.after)}</td>`}</tr>
`,
)}</tbody></table>${rest > 0 && html`<p class="quiet">and ${formatCount(rest)} more.</p>`}`;
}

function outcome(value: TestOutcome | undefined): Html {
  if (value === undefined) return html`<span class="outcome none">not there</span>`;
  return html`<span class="outcome ${value}"><span aria-hidden="true">${signs[value]}</span> ${value}</span>`;
}

/** Each execution of the whole suite that was kept as evidence for the result. */
function renderExecutions({ baselineRuns, best }: RunView): Html {
  const executions = [...baselineRuns.slice(0, 10), ...(best?.evidence ?? []).slice(-20)];
  if (executions.length === 0) return html``;
  return html`<details><summary>${plural(executions.length, "run")} of the tests kept as evidence</summary><table class="plain"><thead><tr><th scope="col">Purpose</th><th scope="col">Passed</th><th scope="col">Failed</th><th scope="col">Other</th><th scope="col">Time</th><th scope="col">Digest</th></tr></thead><tbody>
${executions.map(
  ({ purpose, counts, durationMs, digest }) =>
    html`<tr><th scope="row">${purpose}</th><td>${formatCount(counts.passed)}</td><td>${formatCount(counts.failed)}</td><td>${formatCount(counts.skipped + counts.other)}</td><td>${formatDuration(durationMs)}</td><td><code class="digest">${digest.slice(7, 23)}…</code></td></tr>
`,
)}</tbody></table></details>`;
}
