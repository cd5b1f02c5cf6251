import { plural } from "../format.ts";
import type { RunView, UnexpectedView } from "../run-view.ts";
import { sanitizeLine } from "../sanitize.ts";
import { type Html, html } from "./html.ts";
import { prose, section } from "./parts.ts";

const shownMax = 30;
const subjectsMax = 5;

/** What came out other than it was expected, and what was found out about it. */
export function renderUnexpected({ unexpected }: RunView): Html {
  const shown = unexpected.slice(0, shownMax).map(renderOne);
  const rest = unexpected.length - shown.length;
  const content = html`<div class="card"><table class="plain"><thead><tr><th scope="col">Expected</th><th scope="col">Observed</th><th scope="col">Found out</th></tr></thead><tbody>
${shown}</tbody></table>${rest > 0 && html`<p class="quiet">and ${plural(rest, "more")}.</p>`}</div>`;
  return section("unexpected", "Unexpected", unexpected.length > 0 && content, plural(unexpected.length, "violation"));
}

function renderOne({ violation, explorations }: UnexpectedView): Html {
  const { kind, step, expected, observed, subjects } = violation;
  const named = subjects.slice(0, subjectsMax).map((subject) => html`<code>${sanitizeLine(subject, 200)}</code> `);
  const found = explorations.map(
    ({ kind: how, finding }) => html`<div>${prose(finding, 600)} <span class="quiet">${how}</span></div>`,
  );
  return html`<tr><th scope="row">${prose(expected, 300)} <span class="quiet">${sanitizeLine(step, 120)}</span></th><td><span class="badge inconclusive">${kind}</span> ${prose(observed, 300)}${subjects.length > 1 && html`<div class="quiet">${named}</div>`}</td><td>${explorations.length === 0 ? html`<span class="quiet">–</span>` : found}</td></tr>
`;
}
