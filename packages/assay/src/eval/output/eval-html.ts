import { formatCount, formatDuration, formatTime, html, sanitizeLine, section, style } from "#report";
import { percent, summaryText } from "../summary-text.ts";
import { chartStyle, countChart, rateChart, timeChart } from "./charts.ts";
import type { EvalView } from "./eval-view.ts";
import { problemTable } from "./problem-table.ts";

/** An evaluation as one page without scripts and without anything from elsewhere, for screen, print, light and dark. */
export function evalHtml(view: EvalView): string {
  const { goal, summary, events, result } = view;
  const { repair, gap } = summary;
  const first = summary.passAtK[0];
  const methods = [...new Set(summary.passAtK.map(({ interval }) => interval?.method).filter(Boolean))];
  const how = methods
    .map((method) =>
      method === "wilson" ? "Wilson's score interval" : "normal approximation of the mean over problems",
    )
    .join("; ");
  const figures: [string, string][] = [
    ["problems passed", `${formatCount(summary.passed)} of ${formatCount(summary.problems)}`],
    ...(first?.interval === undefined
      ? []
      : [[`pass@${first.k}`, percent(first.interval.estimate)] as [string, string]]),
    ...(repair === undefined ? [] : [["mended", `${repair.fixed} of ${repair.failing}`] as [string, string]]),
    ...(gap === undefined ? [] : [["visible, then hidden", `${gap.visible} → ${gap.hidden}`] as [string, string]]),
    ...(result?.seconds === undefined ? [] : [["time", formatDuration(result.seconds * 1000)] as [string, string]]),
    ...(result?.verdictsPerSecond === undefined
      ? []
      : [["verdicts/s", String(result.verdictsPerSecond)] as [string, string]]),
    ["model cost", summary.costMicroUsd === 0 ? "none" : `$${(summary.costMicroUsd / 1e6).toFixed(2)}`],
  ];
  const isRepair = repair !== undefined && repair.tried > 0;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>assay eval ${goal.dataset} ${sanitizeLine(view.runId, 60)}</title>
<style>${{ markup: style + chartStyle }}</style>
</head>
<body>
<main>
<header class="hero calm">
<p class="origin"><span class="brand">assay</span> <span>eval</span> <span class="project">${goal.dataset}</span></p>
<h1><span class="sign" aria-hidden="true">${result === undefined ? "…" : "✓"}</span>${result === undefined ? "Not finished" : "Evaluated"}</h1>
<p class="summary">${sanitizeLine(summaryText(goal, summary), 1_000)}</p>
<dl class="figures">${figures.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<p class="stamp"><time>${formatTime(view.startedAt)}</time> · run <code>${sanitizeLine(view.runId, 60)}</code> · assay ${sanitizeLine(view.assayVersion, 40)} · proposer ${goal.proposer.kind} · data <code>${goal.data.digest}</code></p>
</header>
${view.notes.length > 0 && html`<aside class="notice" role="note">${view.notes.map((note) => html`<p>${sanitizeLine(note, 600)}</p>`)}</aside>`}
${section("rate", "Pass rate", events.length > 0 && html`<div class="card">${rateChart(summary.passAtK)}<p class="quiet">95 %: ${how}. pass@k by the unbiased estimator (Chen et al. 2021).</p></div>`)}
${section("outcomes", "Outcomes", events.length > 0 && html`<div class="card">${countChart("candidates by outcome", summary.outcomes, "passed")}</div>`)}
${section("errors", "What went wrong", summary.errors.length > 0 && html`<div class="card">${countChart("candidates by error", summary.errors.slice(0, 12))}</div>`)}
${section(
  "time",
  "CPU time of a check",
  events.length > 0 &&
    html`<div class="card">${timeChart(
      "checks by CPU time",
      events.map(({ cpuMs }) => cpuMs),
    )}</div>`,
)}
${section(
  "repair",
  "Time of a repair",
  isRepair &&
    html`<div class="card">${timeChart(
      "problems by time of repair",
      events.map(({ proposeMs }) => proposeMs),
    )}<p class="quiet">${formatCount(repair.tried)} candidates in ${formatCount(repair.rounds)} rounds.</p></div>`,
)}
${section("problems", "Problems", events.length > 0 && problemTable(events))}
</main>
<footer><p>Outcomes fault, unsupported and no-calls say nothing about a candidate: they are told and left out of every rate.</p></footer>
</body>
</html>
`.markup;
}
