import { controlsSaid, levelNeeded } from "./controls-said.ts";
import { formatCount, formatDuration, plural } from "./format.ts";
import { headlineOf } from "./headline.ts";
import { renderChangeMarkdown } from "./markdown-change.ts";
import { codeSpan, escapeMarkdown, fenceFor } from "./markdown-text.ts";
import type { RunView, TestChange } from "./run-view.ts";
import { revealLine, sanitizeLine } from "./sanitize.ts";

const testsMax = 20;
const diffLinesMax = 200;
const suspectsMax = 5;
const unexpectedMax = 10;

/** A run in short, as a comment on a pull request in GitHub's or GitLab's Markdown. */
export function renderMarkdown(view: RunView): string {
  const { word, sign } = headlineOf(view.outcome);
  return [
    `### ${sign} assay ${escapeMarkdown(view.workflow)}: ${word}`,
    escapeMarkdown(sanitizeLine(view.summary, 600)),
    view.isolation?.kind === "none" &&
      "> **Ran without isolation** (`--unsafe-no-sandbox`): no proof for code that is not trusted.",
    view.fault?.remedy !== undefined && `> ${escapeMarkdown(sanitizeLine(view.fault.remedy, 600))}`,
    view.change !== undefined && renderChangeMarkdown(view.change),
    renderAmbiguity(view),
    renderTests(view),
    view.best !== undefined && renderDiff(view.best.diff),
    renderSuspects(view),
    renderReasons(view),
    renderUnexpected(view),
    renderFoot(view),
  ]
    .filter((part) => typeof part === "string" && part !== "")
    .join("\n\n")
    .concat("\n");
}

function renderTests({ tests, after }: RunView): string {
  const loud = tests.filter(({ change, flaky }) => change !== "same" || flaky);
  if (loud.length === 0) return "";
  const row = ({ id, before, after: now, flaky }: TestChange): string =>
    `| ${codeSpan(sanitizeLine(id, 200))}${flaky ? " (flaky)" : ""} | ${before ?? "–"} |${after === undefined ? "" : ` ${now ?? "–"} |`}`;
  const rest = loud.length - testsMax;
  return [
    after === undefined ? "| test | before |\n|---|---|" : "| test | before | after |\n|---|---|---|",
    ...loud.slice(0, testsMax).map(row),
    ...(rest > 0 ? [`\nand ${formatCount(rest)} more`] : []),
  ].join("\n");
}

function renderAmbiguity({ ambiguity }: RunView): string {
  if (ambiguity === undefined) return "";
  const cell = (text: string) => escapeMarkdown(sanitizeLine(text, 300));
  const rows = ambiguity.results.map(({ summary, result }) => `| ${cell(summary)} | ${cell(result)} |`);
  return [
    `What ${codeSpan(sanitizeLine(ambiguity.call, 300))} is, after each change:`,
    "",
    "| change | result |",
    "|---|---|",
    ...rows,
  ].join("\n");
}

function renderDiff(diff: string): string {
  const all = diff.trimEnd().split("\n");
  const lines = all.slice(0, diffLinesMax).map((line) => revealLine(line, 500));
  if (all.length > diffLinesMax) lines.push(`… ${formatCount(all.length - diffLinesMax)} more lines`);
  const fence = fenceFor(lines.join("\n"), 3);
  return `${fence}diff\n${lines.join("\n")}\n${fence}`;
}

function renderSuspects({ suspects }: RunView): string {
  if (suspects.length === 0) return "";
  const items = suspects
    .slice(0, suspectsMax)
    .map(({ file, line, why }) => `- ${codeSpan(`${sanitizeLine(file, 200)}:${line}`)} ${escapeMarkdown(why)}`);
  return `The fault is probably here:\n\n${items.join("\n")}`;
}

function renderReasons({ best, outcome }: RunView): string {
  if (best?.verdict === undefined || outcome === "accepted") return "";
  return best.verdict.reasons
    .slice(0, 10)
    .map(({ code, detail }) => `- ${codeSpan(code)} ${escapeMarkdown(sanitizeLine(detail, 300))}`)
    .join("\n");
}

function renderUnexpected({ unexpected, outcome }: RunView): string {
  if (outcome === "accepted") return "";
  const said = (text: string) => escapeMarkdown(sanitizeLine(text, 300));
  return unexpected
    .slice(0, unexpectedMax)
    .map(({ violation: { kind, expected, observed }, explorations }) => {
      const found = explorations.map(({ finding }) => `\n  - ${said(finding)}`).join("");
      return `- ${codeSpan(kind)} expected: ${said(expected)}; observed: ${said(observed)}${found}`;
    })
    .join("\n");
}

function renderFoot(view: RunView): string {
  const tried = view.proposers.reduce((sum, one) => sum + one.tried, 0);
  const words = [
    tried > 0 && `${plural(tried, "candidate")} tried`,
    formatDuration(view.durationMs),
    view.isolation !== undefined && `isolation ${view.isolation.kind}`,
    view.best?.verdict !== undefined &&
      `level ${view.best.verdict.level}, ${levelNeeded(view, view.best).by} asks for ${levelNeeded(view, view.best).level}`,
    escapeMarkdown(controlsSaid(view.best?.evidence ?? []) ?? ""),
    view.receipt !== undefined &&
      `receipt ${codeSpan(view.receipt.digest)} signed by ${codeSpan(sanitizeLine(view.receipt.keyid, 64))}`,
  ];
  return `<sub>${words.filter((word) => word !== false && word !== "").join(" · ")}</sub>`;
}
