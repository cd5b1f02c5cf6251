import { formatCount, formatDuration, formatTime, plural } from "../format.ts";
import { headlineOf } from "../headline.ts";
import type { RunView } from "../run-view.ts";
import { sanitizeLine } from "../sanitize.ts";
import { type Html, html } from "./html.ts";
import { prose } from "./parts.ts";

/** The verdict, one sentence and the figures a person asks for first. */
export function renderHero(view: RunView): Html {
  const { word, tone, sign } = headlineOf(view.outcome);
  const root = view.goal?.root ?? "";
  const project = sanitizeLine(root.split("/").filter(Boolean).at(-1) ?? "project", 80);
  return html`<header class="hero ${tone}">
<p class="origin"><span class="brand">assay</span> <span>${view.workflow}</span> <span class="project">${project}</span></p>
<h1><span class="sign" aria-hidden="true">${sign}</span>${word}</h1>
<p class="summary">${prose(view.summary)}</p>
${view.fault !== undefined && renderFault(view.fault, view.summary)}
<dl class="figures">${figures(view).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<p class="stamp"><time>${formatTime(view.startedAt)}</time> · run <code>${sanitizeLine(view.runId, 60)}</code> · assay ${sanitizeLine(view.assayVersion, 40)}</p>
</header>
`;
}

/** The fault's message only where the summary does not say it already. */
function renderFault({ message, remedy }: NonNullable<RunView["fault"]>, summary: string): Html {
  const known = sanitizeLine(summary).toLowerCase().includes(sanitizeLine(message).toLowerCase());
  if (known && remedy === undefined) return html``;
  return html`<div class="fault">${!known && html`<p>${prose(message, 1_000)}</p>`}${
    remedy !== undefined && html`<p><strong>${prose(remedy, 1_000)}</strong></p>`
  }</div>`;
}

function figures(view: RunView): [string, string][] {
  const tried = view.proposers.reduce((sum, one) => sum + one.tried, 0);
  const count = (change: string) => view.tests.filter((test) => test.change === change).length;
  const rows: ([string, string] | false)[] = [
    view.after !== undefined && [
      view.outcome === "accepted" && view.change === undefined ? "tests healed" : "tests turned green",
      formatCount(count("healed")),
    ],
    view.after === undefined && view.baseline !== undefined && ["failing tests", formatCount(count("still-failing"))],
    view.after !== undefined && count("regressed") > 0 && ["tests broken", formatCount(count("regressed"))],
    view.after !== undefined && [passing(view.after), suite(view.after)],
    view.after === undefined && view.baseline !== undefined && [passing(view.baseline), suite(view.baseline)],
    tried > 0 && ["candidates tried", formatCount(tried)],
    ...strengthFigure(view),
    ["time", formatDuration(view.durationMs)],
  ];
  return rows.filter((row) => row !== false);
}

function strengthFigure({ change }: RunView): [string, string][] {
  const strength = change?.expectation.strength;
  if (strength === undefined || strength.tried === 0) return [];
  return [["small faults noticed", `${strength.killed + strength.timedOut} of ${strength.tried - strength.errored}`]];
}

function passing({ counts }: NonNullable<RunView["baseline"]>): string {
  return counts.skipped > 0 ? `passing, ${formatCount(counts.skipped)} skipped` : "passing";
}

function suite({ counts, collected }: NonNullable<RunView["baseline"]>): string {
  return `${formatCount(counts.passed)} of ${formatCount(collected)}`;
}

/** What a reader must not miss, before anything else. */
export function renderWarnings(view: RunView): Html {
  const unsafe = view.isolation?.kind === "none";
  return html`${
    unsafe &&
    html`<aside class="alarm" role="note"><h2>Ran without isolation</h2><p>The project's code was executed with <code>--unsafe-no-sandbox</code>: as user ${view.isolation?.uid}, with this machine's files and network. Do not take this result as proof for code you do not trust.</p></aside>
`
  }${
    view.flakes.length > 0 &&
    html`<aside class="notice" role="note"><p><strong>${plural(view.flakes.length, "test")} changed outcome between runs of the same code</strong> and ${view.flakes.length === 1 ? "was" : "were"} left out of the judgement.</p></aside>
`
  }`;
}
