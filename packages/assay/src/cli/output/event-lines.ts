import { approvalSchema, type RunEvent } from "@assay/sdk";
import { assertNever } from "#domain";
import { formatDuration, plural, revealLine, sanitizeLine } from "#report";
import { changeLines } from "./change-lines.ts";
import { formatMoney, shortDigest } from "./format.ts";

type Style = (style: Parameters<typeof import("node:util").styleText>[0], text: string) => string;

const labelWidth = 11;
const failuresShown = 8;

/** What a person is shown of an event, as lines; empty for events that only the record needs. */
export function eventLines(event: RunEvent, style: Style): string[] {
  const row = (mark: string, label: string, text: string) =>
    `  ${mark} ${style("bold", label.padEnd(labelWidth))} ${sanitizeLine(text)}`;
  const good = style("green", "✓");
  const bad = style("red", "✗");
  const neutral = style("dim", "·");
  switch (event.type) {
    case "run-started":
      return [row(neutral, "run", `${event.runId} · assay ${event.assayVersion}`)];
    case "project-detected":
      return [
        row(good, "project", `${event.language}, tested by ${event.runner}`),
        ...event.details.map((detail) => style("dim", `    ${" ".repeat(labelWidth)} ${sanitizeLine(detail)}`)),
      ];
    case "evidence-recorded": {
      const { counts, controls, uncontrolled, purpose, durationMs, digest } = event.evidence;
      const outcome = counts.failed + counts.other === 0 && counts.collected > 0 ? good : bad;
      const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
      const other = counts.other > 0 ? `, ${counts.other} not run` : "";
      const text = `${plural(counts.collected, "test")}: ${counts.passed} passed, ${counts.failed} failed${skipped}${other}`;
      const checked =
        controls === undefined ? [] : [`${controls.failed} of ${controls.ran} controls failed as they must`];
      const why = uncontrolled === undefined ? [] : [`no controls: ${sanitizeLine(uncontrolled)}`];
      return [
        `${row(outcome, purpose === "baseline-repeat" ? "again" : purpose, text)} ${style("dim", `${formatDuration(durationMs)} · evidence ${shortDigest(digest)}`)}`,
        ...[...checked, ...why].map((line) => style("dim", `    ${" ".repeat(labelWidth)} ${line}`)),
      ];
    }
    case "flakes-quarantined":
      return [row(style("yellow", "!"), "flaky", event.tests.join(", "))];
    case "failures-classified": {
      const lines = event.failures.slice(0, failuresShown).map(({ category, failure, tests }) => {
        const place =
          failure.file === undefined ? "" : `at ${failure.file}${failure.line === undefined ? "" : `:${failure.line}`}`;
        const who = tests[0] ?? failure.file ?? "collection";
        const more = tests.length > 1 ? ` and ${tests.length - 1} more` : "";
        return [
          row(bad, category, `${who}${more}`),
          style(
            "dim",
            `    ${" ".repeat(labelWidth)} ${sanitizeLine(firstLine(`${failure.type}: ${failure.message}`))} ${sanitizeLine(place)}`,
          ),
        ];
      });
      const rest = event.failures.length - failuresShown;
      return [...lines.flat(), ...(rest > 0 ? [style("dim", `    … and ${rest} more`)] : [])];
    }
    case "proposer-chosen": {
      const who = [event.proposer, event.instance].filter(Boolean).join(" ");
      return [row(neutral, "asking", [who, ...event.reasons].join("; "))];
    }
    case "model-asked": {
      const tokens = `${event.inputTokens} + ${event.outputTokens} tokens`;
      const told = [event.outcome, tokens, formatMoney(event.costMicroUsd), formatDuration(event.wallMs)].join(", ");
      return [row(event.fault === undefined ? neutral : style("yellow", "!"), "model", `${event.model}: ${told}`)];
    }
    case "agent-asked": {
      const { agent, end, messages, egress, left, wallMs } = event;
      const network = `${plural(egress.requests, "request")} let out, ${egress.refused} refused`;
      const not = left.length === 0 ? "" : `, ${plural(left.length, "path")} not taken`;
      return [
        row(
          neutral,
          "agent",
          `${agent}: ${end}, ${plural(messages, "message")}, ${network}${not}, ${formatDuration(wallMs)}`,
        ),
      ];
    }
    case "council-ranked":
      return [row(neutral, "council", event.reasons.join("; "))];
    case "person-asked":
      return [row(style("yellow", "‖"), "asked", event.inbox ?? "may this change be applied?")];
    case "person-answered":
      return [row(good, "answered", `${event.by}: ${event.kind} (${event.via})`)];
    case "candidates-tried":
      // What a model was asked has its own line.
      if (event.proposer === "model") return [];
      return [
        row(
          neutral,
          event.proposer,
          `${plural(event.tried, "candidate")} tried, ${event.plausible} plausible, ${formatDuration(event.durationMs)}${perSecond(event.tried, event.durationMs)}`,
        ),
      ];
    case "candidate-proposed":
      return [row(neutral, "candidate", event.provenance.summary), ...diffLines(event.diff, style)];
    case "change-examined":
      return changeLines(event.expectation, row, { good, bad, neutral, doubt: style("yellow", "!") });
    case "guardrails-scanned":
      return event.findings.map(({ severity, rule, message, file, line }) =>
        row(severity === "error" ? bad : style("yellow", "!"), "guardrail", `${file}:${line} ${message} (${rule})`),
      );
    case "verdict-reached": {
      const { kind, reasons, level } = event.verdict;
      const mark = kind === "accepted" ? good : kind === "rejected" ? bad : style("yellow", "?");
      return [`${row(mark, kind, reasons.map(({ detail }) => detail).join("; "))} ${style("dim", `· level ${level}`)}`];
    }
    case "problem-evaluated": {
      // Hundreds of passes are a count in the status line, not lines.
      if (event.outcome === "passed") return [];
      const mark = ["fault", "unsupported", "no-calls"].includes(event.outcome) ? style("yellow", "?") : bad;
      const why = [event.errorType, event.message].filter((part) => part !== undefined && part !== "").join(": ");
      return [row(mark, event.outcome, `${event.task} sample ${event.sample} ${firstLine(why)}`)];
    }
    case "artifact-written":
      return [];
    case "note":
      return [row(event.level === "warning" ? style("yellow", "!") : neutral, event.level, event.message)];
    case "run-paused":
      return [row(style("yellow", "‖"), "paused", event.fault.message)];
    case "run-cancelled":
      return [row(bad, "cancelled", `by ${event.by}`)];
    case "signal-received": {
      const { data: approval } = approvalSchema.safeParse(event.value);
      if (approval === undefined) return [];
      const { approved, by, note } = approval;
      const said = `${approved ? "approved" : "rejected"} by ${by}${note === undefined ? "" : `: ${note}`}`;
      return [row(approved ? good : bad, "approval", said)];
    }
    case "plan-made": {
      const again = event.revision === 1 ? "" : ` (revision ${event.revision}: ${event.reason})`;
      return [row(neutral, "plan", `${plural(event.plan.tasks.length, "task")}${again}`)];
    }
    case "task-released":
      return [row(style("yellow", "!"), "task", `${event.task} is free again: ${event.reason}, ${event.detail}`)];
    case "task-finished": {
      const mark = event.outcome === "done" ? good : event.outcome === "failed" ? bad : neutral;
      const by = event.worker === undefined ? "" : ` by ${event.worker}`;
      const why = event.detail === "" ? "" : `: ${firstLine(event.detail)}`;
      return [row(mark, "task", `${event.task} ${event.outcome}${by}${why}`)];
    }
    case "violation-found":
      return [
        row(style("yellow", "!"), "unexpected", `${event.observed}; expected: ${event.expected} (${event.kind})`),
      ];
    case "violation-explored":
      return [row(neutral, event.kind, event.finding)];
    case "run-forked":
      return [row(neutral, "repeats", `${event.from} up to step ${event.step}`)];
    case "child-started":
      return [row(neutral, "part", `${event.key} is run ${event.child}`)];
    case "task-queued":
    case "task-claimed":
    case "lease-claimed":
    case "step-finished":
    case "budget-reserved":
    case "budget-settled":
    case "breaker-changed":
    case "result":
      return [];
    default:
      return assertNever(event);
  }
}

const diffLinesMax = 40;

function diffLines(diff: string, style: Style): string[] {
  const lines = diff
    .split("\n")
    .filter((line) => !/^(?:diff --git|index |--- |\+\+\+ )/.test(line) || line.startsWith("+++ b/"));
  const shown = lines.slice(0, diffLinesMax).map((line) => {
    const text = `      ${revealLine(line)}`.trimEnd();
    if (line.startsWith("+++ b/")) return style("bold", `      ${revealLine(line.slice(6))}`);
    if (line.startsWith("+")) return style("green", text);
    if (line.startsWith("-")) return style("red", text);
    return style("dim", text);
  });
  while (shown.at(-1)?.trim() === "") shown.pop();
  return lines.length > diffLinesMax
    ? [...shown, style("dim", `      … ${lines.length - diffLinesMax} more lines`)]
    : shown;
}

function perSecond(count: number, ms: number): string {
  return count === 0 || ms < 1 ? "" : `, ${Math.round((count * 1000) / ms)}/s`;
}

function firstLine(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
