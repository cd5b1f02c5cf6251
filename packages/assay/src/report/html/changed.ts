import type { Verdict } from "@assay/sdk";
import { controlsSaid, levelNeeded } from "../controls-said.ts";
import { plural } from "../format.ts";
import type { CandidateView, RunView } from "../run-view.ts";
import { sanitizeLine } from "../sanitize.ts";
import { renderKind } from "./change.ts";
import { renderDiff } from "./diff.ts";
import { type Html, html } from "./html.ts";
import { listed, prose, section, testId } from "./parts.ts";

const othersMax = 12;

const levels: Record<Verdict["level"], string> = {
  "in-process": "the tests shared a process with the changed code",
  controlled: "the tests shared a process with the changed code, and tests made to fail did fail",
  "out-of-process": "the tests ran in a process of their own",
};

/** The change itself and why it was judged as it was. */
export function renderChanged(view: RunView): Html {
  const { best, outcome } = view;
  if (best === undefined) return html``;
  if (view.change !== undefined) {
    return section(
      "changed",
      "The change",
      html`${renderKind(view.change)}${renderCandidate(view, best)}`,
      best.provenance.method,
    );
  }
  const title = outcome === "accepted" ? "What changed" : "What was proposed";
  const aside =
    outcome !== "accepted" ? "not applied" : view.applied ? "applied to the working tree" : "not applied yet";
  return section("changed", title, renderCandidate(view, best), aside);
}

export function renderOthers(view: RunView): Html {
  const { candidates, best } = view;
  const others = candidates.filter((one) => one !== best);
  const shown = others.slice(-othersMax).reverse();
  const content = html`${shown.map(
    (
      one,
    ) => html`<details class="card other"><summary>${verdictBadge(one.verdict)} ${prose(one.provenance.summary, 200)}</summary>
${renderCandidate(view, one)}</details>
`,
  )}${others.length > shown.length && html`<p class="quiet">and ${plural(others.length - shown.length, "earlier one")}.</p>`}`;
  return section("others", "Other candidates", others.length > 0 && content, plural(others.length, "candidate"));
}

function renderCandidate(view: RunView, candidate: CandidateView): Html {
  const { diff, provenance, verdict } = candidate;
  const { proposer } = provenance;
  return html`${proposer !== "human" && html`<p class="provenance">${prose(provenance.summary)}</p>`}
${
  proposer !== "human" &&
  html`<p class="quiet">By ${proposer}, <code>${sanitizeLine(provenance.method, 120)}</code>${
    provenance.rank !== undefined && html`, after ${plural(provenance.rank, "other candidate")}`
  }.</p>`
}
${renderDiff(diff)}
${
  verdict === undefined
    ? html`<p class="quiet">Not judged.</p>`
    : renderVerdict(verdict, [
        controlsSaid(candidate.evidence),
        `${levelNeeded(view, candidate).by} asks for ${levelNeeded(view, candidate).level}`,
      ])
}`;
}

function renderVerdict(verdict: Verdict, said: readonly (string | undefined)[]): Html {
  return html`<div class="verdict ${verdict.kind}"><p>${verdictBadge(verdict)} <span class="quiet">level <em>${verdict.level}</em>: ${levels[verdict.level]}. From ${plural(verdict.evidence.length, "run")} of the tests${said.flatMap((words) => (words === undefined ? [] : [html`; ${prose(words)}`]))}</span></p>
<ul>${verdict.reasons
    .slice(0, 20)
    .map(
      ({ code, detail, subjects }) =>
        html`<li><code class="code">${code}</code> ${prose(detail, 500)}${
          verdict.kind !== "accepted" &&
          subjects.length > 0 &&
          html`<ul class="tests">${listed(subjects, 5, (id) => html`<li>${testId(id)}</li>`)}</ul>`
        }</li>`,
    )}</ul></div>
`;
}

export function verdictBadge(verdict: Verdict | undefined): Html {
  const kind = verdict?.kind ?? "not judged";
  return html`<span class="badge ${kind.replace(" ", "-")}">${kind}</span>`;
}
