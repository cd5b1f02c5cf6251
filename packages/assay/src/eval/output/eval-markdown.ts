import { formatDuration, sanitizeLine } from "#report";
import { percent, summaryText } from "../summary-text.ts";
import type { EvalView } from "./eval-view.ts";

const shownMax = 50;

export function evalMarkdown(view: EvalView): string {
  const { goal, summary, result, events } = view;
  const state = result === undefined ? `Not finished: \`assay resume ${view.runId}\`. ` : "";
  const rates = summary.passAtK.flatMap(({ k, interval }) =>
    interval === undefined
      ? []
      : [
          `| pass@${k} | ${percent(interval.estimate)} | ${percent(interval.low)} – ${percent(interval.high)} (${interval.method}) |`,
        ],
  );
  const wrong = events.filter(({ outcome }) => outcome !== "passed");
  const rows = wrong
    .slice(0, shownMax)
    .map(
      ({ task, sample, outcome, errorType, message }) =>
        `| ${text(task)} | ${sample} | ${outcome} | ${text([errorType, message].filter(Boolean).join(": "))} |`,
    );
  const speed =
    result?.seconds === undefined
      ? []
      : [`${formatDuration(result.seconds * 1000)}, ${result.verdictsPerSecond} verdicts/s.`, ""];
  return [
    `# assay eval ${goal.dataset}`,
    "",
    `${state}${text(summaryText(goal, summary))}`,
    "",
    ...speed,
    "| | estimate | 95 % interval |",
    "|---|---|---|",
    ...rates,
    "",
    ...(rows.length === 0 ? [] : ["| task | sample | outcome | why |", "|---|---|---|---|", ...rows, ""]),
    ...(wrong.length > shownMax ? [`and ${wrong.length - shownMax} more in eval.csv`, ""] : []),
  ].join("\n");
}

/** Characters that Markdown or HTML would take for more than text. */
function text(value: string): string {
  return sanitizeLine(value, 200).replace(/[\\`*_[\]<>|#&]/g, "\\$&");
}
