import type { ClassifiedFailure } from "@assay/sdk";
import { plural } from "../format.ts";
import type { RunView, Suspect } from "../run-view.ts";
import { sanitizeLine } from "../sanitize.ts";
import { type Html, html } from "./html.ts";
import { listed, place, section, testId } from "./parts.ts";

const failuresMax = 25;

/** What failed before any change: one card for each cause. */
export function renderBroken(view: RunView): Html {
  const { failures } = view;
  const cards = failures.slice(0, failuresMax).map(renderFailure);
  const rest = failures.length - cards.length;
  const content = html`${cards}${rest > 0 && html`<p class="quiet">and ${plural(rest, "more cause")}.</p>`}`;
  const title = view.outcome === "accepted" ? "What was broken" : "What is broken";
  return section("broken", title, failures.length > 0 && content, plural(failures.length, "failure"));
}

function renderFailure({ category, tests, failure, environment, fixability }: ClassifiedFailure): Html {
  const compared = failure.expected !== undefined || failure.actual !== undefined;
  return html`<article class="card failure">
<h3><span class="chip">${category}</span> <span>${sanitizeLine(failure.type, 120)}</span> ${
    failure.file !== undefined && place(failure.file, failure.line)
  }</h3>
${environment && html`<p class="quiet">Something is missing in the environment; this is not held against the code.</p>`}
<pre class="message">${failure.message}</pre>
${
  compared &&
  html`<dl class="compared"><div><dt>expected</dt><dd><pre>${failure.expected ?? "–"}</pre></dd></div><div><dt>actual</dt><dd><pre>${failure.actual ?? "–"}</pre></dd></div></dl>`
}
${tests.length > 0 && html`<ul class="tests">${listed(tests, 8, (id) => html`<li>${testId(id)}</li>`)}</ul>`}
<details><summary>Trace and fixability</summary>
${
  failure.frames.length > 0 &&
  html`<ol class="frames">${listed(
    failure.frames,
    20,
    (frame) =>
      html`<li>${place(frame.file, frame.line)} ${frame.function !== undefined && html`in <code>${sanitizeLine(frame.function, 120)}</code>`}</li>`,
  )}</ol>`
}
<p>Fixability ${Math.round(fixability.score * 100)} %${
    fixability.reasons.length > 0 &&
    html`: ${fixability.reasons
      .slice(0, 10)
      .map((reason) => sanitizeLine(reason, 300))
      .join("; ")}`
  }</p>
</details>
</article>
`;
}

/** Where to look, when nothing was accepted. */
export function renderSuspects({ suspects }: RunView): Html {
  const top = suspects[0]?.score ?? 0;
  const row = ({ file, line, score, why }: Suspect) => html`<tr><th scope="row">${place(file, line)}</th><td>${
    score !== undefined &&
    top > 0 &&
    html`<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="suspicion ${score.toFixed(2)}"><rect width="${Math.max(1, (100 * score) / top)}" height="6"/></svg>`
  }</td><td>${sanitizeLine(why, 200)}</td></tr>
`;
  const table = html`<div class="card"><table class="plain suspects"><thead><tr><th scope="col">Place</th><th scope="col">Suspicion</th><th scope="col">Why</th></tr></thead><tbody>
${suspects.map(row)}</tbody></table></div>`;
  return section("suspects", "Where the fault probably is", suspects.length > 0 && table);
}
