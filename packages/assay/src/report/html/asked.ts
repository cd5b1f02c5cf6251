import { formatCount, formatDuration, plural } from "../format.ts";
import type { RunView } from "../run-view.ts";
import { sanitizeLine } from "../sanitize.ts";
import { type Html, html } from "./html.ts";
import { section } from "./parts.ts";

const rowsMax = 100;

/** Which models were asked what, what that cost, and who decided what on the way. */
export function renderAsked({ asked, decisions }: RunView): Html {
  const costMicroUsd = asked.reduce((sum, call) => sum + call.costMicroUsd, 0);
  const content = html`<div class="card">${asked.length > 0 && renderCalls(asked)}${
    asked.length > rowsMax && html`<p class="quiet">and ${formatCount(asked.length - rowsMax)} more</p>`
  }${
    decisions.length > 0 &&
    html`<ul class="notes">${decisions.slice(0, rowsMax).map(({ who, what }) => html`<li><strong>${sanitizeLine(who, 100)}</strong> ${sanitizeLine(what, 600)}</li>`)}</ul>`
  }</div>`;
  const detail = asked.length === 0 ? "" : `${plural(asked.length, "call")}, ${usd(costMicroUsd)}`;
  return section("asked", "Who was asked", asked.length + decisions.length > 0 && content, detail);
}

function renderCalls(asked: RunView["asked"]): Html {
  return html`<table class="plain"><thead><tr><th scope="col">Model</th><th scope="col">What became of it</th><th scope="col">Tokens</th><th scope="col">Cost</th><th scope="col">Time</th></tr></thead><tbody>
${asked.slice(0, rowsMax).map(
  (call) =>
    html`<tr><th scope="row">${sanitizeLine(call.model, 80)}</th><td>${sanitizeLine(call.outcome, 200)} <span class="quiet">${sanitizeLine(call.prompt, 40)}</span></td><td>${formatCount(call.tokens)}</td><td>${call.estimated ? "at most " : ""}${usd(call.costMicroUsd)}</td><td>${formatDuration(call.durationMs)}</td></tr>
`,
)}</tbody></table>`;
}

function usd(costMicroUsd: number): string {
  return `$${(costMicroUsd / 1e6).toFixed(4)}`;
}
