import { formatCount, formatDuration, plural } from "../format.ts";
import type { RunView, StepView } from "../run-view.ts";
import { sanitizeLine } from "../sanitize.ts";
import { type Html, html } from "./html.ts";
import { section } from "./parts.ts";

const stepsMax = 24;

/** Who proposed how much, and where the time went. */
export function renderSearch(view: RunView): Html {
  const { proposers, steps } = view;
  const spent = spentInWords(view.spent);
  const content = html`<div class="card">${
    proposers.length > 0 &&
    html`<table class="plain"><thead><tr><th scope="col">Proposer</th><th scope="col">Tried</th><th scope="col">Plausible</th><th scope="col">Rate</th><th scope="col">Time</th></tr></thead><tbody>
${proposers.map(
  ({ proposer, tried, plausible, durationMs }) =>
    html`<tr><th scope="row">${sanitizeLine(proposer, 80)}</th><td>${formatCount(tried)}</td><td>${formatCount(plausible)}</td><td>${rate(tried, durationMs)}</td><td>${formatDuration(durationMs)}</td></tr>
`,
)}</tbody></table>`
  }
${steps.length > 0 && renderTimeline(steps, view.durationMs)}
${spent.length > 0 && html`<p class="quiet">Spent of the budget: ${spent.join(", ")}.</p>`}
${view.leases > 1 && html`<p class="quiet">The run was taken up ${plural(view.leases - 1, "time")} again after it had stopped; finished steps were not repeated.</p>`}</div>`;
  const tried = view.outcome === "accepted" ? "How it was found" : "What was tried";
  const title = proposers.length > 0 ? tried : "Where the time went";
  return section("search", title, proposers.length + steps.length > 0 && content, formatDuration(view.durationMs));
}

const units = new Map<string, (value: number) => string>([
  ["candidates", (value) => plural(value, "candidate")],
  ["attempts", (value) => plural(value, "attempt")],
  ["requests", (value) => plural(value, "request")],
  ["tokens", (value) => plural(value, "token")],
  ["wallMs", (value) => `${formatDuration(value)} of time`],
  ["costMicroUsd", (value) => `${(value / 1e6).toFixed(4)} US dollars`],
]);

/** Only what was spent; names that are not known here are shown as they are. */
function spentInWords(spent: RunView["spent"]): string[] {
  return Object.entries(spent)
    .filter(([, value]) => value > 0)
    .slice(0, 10)
    .map(([name, value]) => units.get(name)?.(value) ?? `${formatCount(value)} ${sanitizeLine(name, 40)}`);
}

function rate(tried: number, durationMs: number): string {
  return durationMs > 0 && tried > 0 ? `${formatCount((tried * 1000) / durationMs)}/s` : "–";
}

function renderTimeline(steps: readonly StepView[], durationMs: number): Html {
  const longest = [...steps].sort((a, b) => b.durationMs - a.durationMs).slice(0, stepsMax);
  const shown = steps.filter((step) => longest.includes(step));
  const total = Math.max(durationMs, ...shown.map(({ startMs, durationMs: ms }) => startMs + ms), 1);
  const rest = steps.length - shown.length;
  return html`<table class="plain timeline"><thead><tr><th scope="col">Step</th><th scope="col">When</th><th scope="col">Time</th></tr></thead><tbody>
${shown.map(({ key, startMs, durationMs: ms }) => {
  const x = (1000 * startMs) / total;
  const width = Math.max(4, (1000 * ms) / total);
  return html`<tr><th scope="row">${sanitizeLine(key, 80)}</th><td><svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="from ${formatDuration(startMs)} for ${formatDuration(ms)}"><rect class="track" width="1000" height="10"/><rect x="${Math.min(996, x).toFixed(1)}" width="${width.toFixed(1)}" height="10"/></svg></td><td>${formatDuration(ms)}</td></tr>
`;
})}</tbody></table>${rest > 0 && html`<p class="quiet">and ${plural(rest, "shorter step")}.</p>`}`;
}
