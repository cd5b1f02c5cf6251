import type { RunView } from "../run-view.ts";
import { sanitizeLine } from "../sanitize.ts";
import { type Html, html } from "./html.ts";
import { prose, section } from "./parts.ts";

/** An input that tells the proven changes apart, and what each makes of it. */
export function renderAmbiguity({ ambiguity }: RunView): Html {
  if (ambiguity === undefined) return html``;
  const rows = ambiguity.results.map(
    ({ summary, result }) =>
      html`<tr><th scope="row">${prose(summary, 300)}</th><td><code>${sanitizeLine(result, 300)}</code></td></tr>
`,
  );
  return section(
    "ambiguity",
    "What tells them apart",
    html`<p>Every one of these changes turns the failing tests green. Which of them is meant, a test of <code>${sanitizeLine(ambiguity.call, 300)}</code> would say.</p>
<div class="card scroll"><table class="outcomes"><thead><tr><th>change</th><th>result</th></tr></thead><tbody>
${rows}</tbody></table></div>`,
    "not applied",
  );
}
